"""Fields that check one another: amounts, dates, identities. Each judge adds signals and doubts and chooses nothing."""
