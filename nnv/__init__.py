"""What a student runs: self-checks, quiz, hand-in."""
