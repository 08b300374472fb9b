"""A salon chain that never was: its people, customers and conversations, made from a seed."""

from gracja.demo.company import DemoCompany, demo_company
from gracja.demo.files import DemoFiles, write_demo

__all__ = ["DemoCompany", "DemoFiles", "demo_company", "write_demo"]
