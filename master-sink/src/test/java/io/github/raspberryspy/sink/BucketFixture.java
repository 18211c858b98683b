package io.github.raspberryspy.sink;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.segments.servers.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A footage folder whose sealed footage goes into a bucket of a real server. */
abstract class BucketFixture {

  @TempDir Path folder;
  S3Server server;
  Path footage;

  /** Where the server keeps what is below the prefix. */
  Path bucket;

  @BeforeEach
  void startServer() throws IOException {
    server = S3Server.start(Files.createDirectory(folder.resolve("s3")), "cctv");
    bucket = server.bucket("cctv").resolve("home");
    footage = folder.resolve("footage");
  }

  @AfterEach
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  /** Where masters find it. */
  S3Bucket store() throws IOException {
    return TestBucket.of(server, "s3://cctv/home", folder);
  }
}
