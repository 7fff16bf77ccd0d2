"""Figures as text, HTML, plots and tables in docs."""
