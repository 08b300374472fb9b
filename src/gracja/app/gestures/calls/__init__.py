"""Kind personal contact: whom we call or write to, why, when, and what came of it."""
