"""Rewards and penalties: proposed by somebody or by a rule, decided by somebody else, contested if wrong."""
