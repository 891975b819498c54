"""Sales from files: exports of dealer management systems, and order data of any trade."""
