package io.github.raspberryspy.upload;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.segments.servers.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A spool, and a real server of S3. */
abstract class S3Fixture extends TargetFixture {

  @TempDir Path folder;
  S3Server server;
  Path footage;

  @BeforeEach
  void startServer() throws IOException {
    server = S3Server.start(folder, "cctv");
    footage = server.bucket("cctv").resolve("home");
  }

  @AfterEach
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  S3Config target(String address, URI endpoint, String secret, boolean rereads) throws IOException {
    Path key = folder.resolve("key");
    Files.deleteIfExists(key);
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, S3Server.ACCESS_KEY + ":" + secret);
    return new S3Config(
        S3Bucket.of(
            URI.create(address),
            Optional.of(endpoint),
            S3Bucket.REGION,
            S3Bucket.Access.read(key),
            rereads));
  }
}
