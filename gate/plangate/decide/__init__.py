"""Settings, environments, enforcement and waivers: what a finding means for the verdict."""
