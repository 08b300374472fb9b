"""The standards document: model, reading, writing, lint, and the bundled editions."""
