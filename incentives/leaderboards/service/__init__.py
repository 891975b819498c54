"""What a board may show, which measures and scopes there are, and the score of a month."""
