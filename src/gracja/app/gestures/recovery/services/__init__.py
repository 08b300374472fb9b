"""What is done with failures and complaints."""
