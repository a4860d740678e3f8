"""Settings, waivers and policy code from a commit that the judged change has no hand in."""
