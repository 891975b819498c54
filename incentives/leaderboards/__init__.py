"""Who stands where: boards by measure, period and scope, and the score of a month."""
