package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.faults.FaultProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A master and cameras on this machine, with a bad network between them. */
final class Stage implements AutoCloseable {

  private static final int START_SECONDS = 120;
  private static final List<String> NAMES = List.of("front", "yard", "lane", "roof");

  private final Path folder;
  private final Path jar;
  private final Path logs;
  private final Path masterConfig;
  private final List<Camera> cameras = new ArrayList<>();
  private Part master;
  private volatile Person person; // set by whoever starts the master, read by the observer

  /** A camera, whether it runs or not. */
  static final class Camera {
    final String name;
    final Path spool;
    final FaultProxy proxy;
    private final Path config;
    private Part part;

    Camera(String name, Path spool, Path config, FaultProxy proxy) {
      this.name = name;
      this.spool = spool;
      this.config = config;
      this.proxy = proxy;
    }
  }

  /** Writes the configuration of all; starts nothing. */
  Stage(Path folder, Path jar, int howMany, long seed) throws IOException, InterruptedException {
    this.folder = folder;
    this.jar = jar;
    this.logs = Files.createDirectories(folder.resolve("logs"));
    this.masterConfig = folder.resolve("master.yml");
    int port = freePort();
    Files.writeString(
        masterConfig,
        """
        footage:
          folder: %s
        listen:
          port: %d
        """
            .formatted(footage(), port));
    for (int i = 0; i < howMany; i++) {
      cameras.add(configure(NAMES.get(i), new FaultProxy(port, seed + i), i));
    }
  }

  private Camera configure(String name, FaultProxy proxy, int number)
      throws IOException, InterruptedException {
    Path token = folder.resolve(name + ".token");
    Result asked = run("master", "--config", masterConfig.toString(), "--camera-token", name);
    if (asked.exit() != 0) {
      throw new IOException("no token for camera " + name + ": " + asked.said());
    }
    Files.writeString(token, asked.said());
    Path config = folder.resolve(name + ".yml");
    Path spool = folder.resolve("spool-" + name);
    // every second camera has so little room that an outage of half a minute costs footage
    Files.writeString(
        config,
        """
        camera:
          name: %s
          source: "test://?size=160x120&fps=10&seed=%d"
        spool:
          folder: %s
          ram: none
          limit: %s
        record:
          segment: 1s
        encoder:
          bitrate: 300000
        motion:
          enabled: false
        master:
          url: http://127.0.0.1:%d
          token-file: %s
        upload:
          longest-pause: 1s
        """
            .formatted(name, number, spool, number % 2 == 1 ? "1MB" : "0", proxy.port(), token));
    return new Camera(name, spool, config, proxy);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  List<Camera> cameras() {
    return cameras;
  }

  Path footage() {
    return folder.resolve("footage");
  }

  /** Somebody who is signed in; empty while the master is down. */
  Optional<Person> person() {
    return Optional.ofNullable(person);
  }

  void startMaster() throws IOException, InterruptedException {
    master =
        Part.start(
            jar, logs, "master", List.of("master", "--config", masterConfig.toString(), "--json"));
    for (int i = 0; i < START_SECONDS * 20; i++) {
      Optional<String> ready = master.line("\"ready\"");
      if (ready.isPresent()) {
        person = Person.signIn(ready.get());
        return;
      }
      if (!master.isAlive()) {
        throw new IllegalStateException("the master did not start: " + master.said());
      }
      pause(50);
    }
    throw new IllegalStateException("the master was not ready in time: " + master.said());
  }

  void killMaster() throws InterruptedException {
    person = null;
    master.kill();
  }

  /** Ends it in order; says so where that fails. */
  Optional<String> stopMaster() throws InterruptedException, IOException {
    person = null;
    return stop(master, "the master");
  }

  void start(Camera camera, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("camera", "--config", camera.config.toString()));
    args.addAll(List.of(more));
    camera.part = Part.start(jar, logs, camera.name, args);
  }

  void kill(Camera camera) throws InterruptedException {
    camera.part.kill();
  }

  Optional<String> stop(Camera camera) throws InterruptedException, IOException {
    return stop(camera.part, "camera " + camera.name);
  }

  /** Waits until it ends by itself. */
  Optional<Integer> await(Camera camera, long seconds) throws InterruptedException {
    return camera.part.await(seconds);
  }

  String said(Camera camera) throws IOException {
    return camera.part.said();
  }

  boolean isAlive(Camera camera) {
    return camera.part.isAlive();
  }

  private static Optional<String> stop(Part part, String who)
      throws InterruptedException, IOException {
    part.terminate();
    if (part.await(90).isEmpty()) {
      String said = part.said();
      part.kill();
      return Optional.of(who + " did not end within 90 s of being asked to; it said " + said);
    }
    return Optional.empty();
  }

  /** What came of a command that ended. */
  record Result(int exit, String said) {}

  /** Runs a command of the program to its end. */
  Result run(String... args) throws IOException, InterruptedException {
    try (Part part = Part.start(jar, logs, args[0], List.of(args))) {
      int exit =
          part.await(300)
              .orElseThrow(() -> new IllegalStateException(args[0] + " did not come to its end"));
      return new Result(exit, part.said());
    }
  }

  /** Lets what runs run for a while: what is tested is a fault at any moment. */
  static void pause(long millis) throws InterruptedException {
    new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (Camera camera : cameras) {
      if (camera.part != null) {
        camera.part.close();
      }
      camera.proxy.close();
    }
    if (master != null) {
      master.close();
    }
  }
}
