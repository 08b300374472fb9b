"""Pure functions over arrays, Arrow and Polars: no database, no network, no clock, no files of the user's."""
