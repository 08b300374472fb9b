"""Run the application: what must be in place before, the server, and the worker beside it."""
