"""What is done with checklists, areas, inspections and findings."""
