package io.github.raspberryspy.sink;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.segments.servers.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** A bucket of a real server, for a master. */
public final class TestBucket {

  private TestBucket() {}

  /**
   * A bucket, or a prefix in it.
   *
   * @param folder for the file of the key
   */
  public static S3Bucket of(S3Server server, String address, Path folder) throws IOException {
    return of(server.uri(), address, S3Server.SECRET_KEY, false, folder);
  }

  /** Likewise at another address, or with another secret, or read again. */
  public static S3Bucket of(
      URI endpoint, String address, String secret, boolean rereads, Path folder)
      throws IOException {
    Path key = folder.resolve("s3-key");
    Files.deleteIfExists(key);
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, S3Server.ACCESS_KEY + ":" + secret);
    return S3Bucket.of(
        URI.create(address),
        Optional.of(endpoint),
        S3Bucket.REGION,
        S3Bucket.Access.read(key),
        rereads);
  }
}
