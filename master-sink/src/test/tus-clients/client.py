"""Uploads a file as tuspy does by itself: client.py URL TOKEN FILE WAY. Prints the upload's address."""
import sys

from tusclient import client

url, token, path, way = sys.argv[1:]
tus = client.TusClient(url, headers={"Authorization": "Bearer " + token})
options = dict(file_path=path, chunk_size=64 * 1024, metadata={"filename": "garden.mp4"})
uploader = tus.uploader(**options)
if way == "resumed":
    uploader.upload(stop_at=3 * 64 * 1024)
    uploader = tus.uploader(url=uploader.url, **options)
    assert uploader.offset == 3 * 64 * 1024, uploader.offset
elif way == "checksums":
    uploader = tus.uploader(upload_checksum=True, **options)
uploader.upload()
print(uploader.url)
