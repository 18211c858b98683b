package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.sink.TestBucket;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The same where sealed footage goes into a bucket. */
class BucketSealCrashTest extends SealCrashTest {

  @TempDir static Path folder;
  private static S3Server server;
  private static int tests;

  private BucketFiles files;

  @BeforeAll
  static void startServer() throws IOException {
    server = S3Server.start(folder, "footage");
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void takePrefix() {
    tests++;
  }

  @AfterEach
  void disconnect() {
    files.close();
  }

  @Override
  FootageFiles openFiles(FootageFolder footage) throws IOException {
    if (files != null) {
      files.close();
    }
    files =
        BucketFiles.open(
            TestBucket.of(server, "s3://footage/" + tests, folder), footage.identity().id());
    return files;
  }

  @Override
  Path stored() {
    return server.bucket("footage").resolve(String.valueOf(tests));
  }
}
