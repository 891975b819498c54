"""6S inspections: checklists, areas, inspections, and findings until they are put right."""
