"""What every page shares: guards, the base form, lists, filters, navigation, error pages, security headers."""
