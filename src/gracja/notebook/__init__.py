"""Gracja in Python: tables of any library in, results that print and plot out. `import gracja` leads here."""
