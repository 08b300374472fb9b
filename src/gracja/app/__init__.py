"""The web application: people, places, editions and results in the browser (Django)."""
