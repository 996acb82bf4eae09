"""A fixed world that testers can count on."""
