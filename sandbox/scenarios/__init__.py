"""The scenarios that come with the sandbox: one YAML file each."""
