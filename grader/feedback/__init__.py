"""What students and instructors read: a student's feedback, the class page, pictures."""
