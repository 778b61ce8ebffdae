"""The assistant's journeys: one file each, run by rasa-sdk's action server.

Start it with `python -m actions --host 127.0.0.1 --port 5055` (see `actions/__main__.py`): one
process, listening only where it is told. `python -m rasa_sdk --actions actions` runs the same
actions, but forks a worker that outlives a killed parent, and listens everywhere unless
`SANIC_HOST` says otherwise.
"""
