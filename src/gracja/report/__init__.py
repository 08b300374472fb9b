"""The report: one self-contained HTML file that someone who knows no statistics reads rightly."""

from gracja.report.write import write_report

__all__ = ["write_report"]
