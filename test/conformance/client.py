"""A real client reads a hub with known data by SensorThings: frost-sta-client, as a research group would use it.

Takes the service's address, and on its standard input what the hub was sent: JSON lines of site, quantity, at (Unix
milliseconds) and value. Prints a line for each thing that it found to be right; ends with status 1 at the first that is not.
"""

import json
import sys
from datetime import datetime, timezone

import frost_sta_client as fsc

service = fsc.SensorThingsService(sys.argv[1])
sent = [json.loads(line) for line in sys.stdin if line.strip()]


def check(what, got, wanted):
    if got != wanted:
        sys.exit(f"{what}: {got!r} where {wanted!r} was expected")
    print(f"ok  {what}: {got if not isinstance(got, list) else len(got)}")


def iso(ms):
    return datetime.fromtimestamp(ms / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


# Things with what they measure and where.
things = list(service.things().query().expand("Datastreams,Locations").list())
sites = {site for site in (one["site"] for one in sent)}
check("outdoor sensors", {thing.properties.get("site") for thing in things if "site" in thing.properties}, sites)
check("every Thing has one Location", {len(thing.locations.entities) for thing in things}, {1})

# Every reading of every Datastream, page by page.
for site in sorted(sites):
    thing = service.things().query().filter(f"properties/site eq '{site}'").list().entities[0]
    streams = thing.get_datastreams().query().list().entities
    for stream in streams:
        if stream.properties["quantity"] not in ("pm2_5", "humidity", "laeq"):
            continue
        rows = [one for one in sent if one["site"] == site and one["quantity"] == stream.properties["quantity"]]
        wanted = [(iso(one["at"]), float(one["value"])) for one in sorted(rows, key=lambda one: one["at"])]
        observations = stream.get_observations().query().top(100).list()
        got = [(one.phenomenon_time, float(one.result)) for one in observations]
        check(f"{stream.name}, over pages of 100", [(str(t).replace("+00:00", ".000Z"), v) for t, v in got], wanted)

# The newest of one Datastream, a filter, an entity by its id.
stream = service.datastreams().query().filter("properties/quantity eq 'laeq'").list().entities[0]
newest = stream.get_observations().query().orderby("phenomenonTime", "desc").top(1).list().entities[0]
again = service.observations().find(newest.id)
check("an Observation by its id", (again.id, again.result), (newest.id, newest.result))
check("its Datastream's id", stream.id, service.datastreams().find(stream.id).id)
loud = stream.get_observations().query().filter("result ge 60 and result lt 65").list()
check("results between 60 and 65", all(60 <= one.result < 65 for one in loud), True)

# What is not there, and what may not be written.
try:
    service.things().find(1)
    sys.exit("A Thing that does not exist was found.")
except Exception as failure:
    print(f"ok  no Thing 1: {type(failure).__name__}")
try:
    service.create(fsc.Thing(name="Mine", description="Mine"))
    sys.exit("A Thing was written.")
except Exception as failure:
    print(f"ok  nothing is written: {type(failure).__name__}")
