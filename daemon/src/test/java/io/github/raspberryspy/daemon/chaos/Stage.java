package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.SmallDisk;
import io.github.raspberryspy.segments.wire.CameraCredential;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A master and cameras on this machine, with a bad network between them, clocks that can be set
 * wrong and, where one may be mounted, small disks for the footage and for the first camera.
 */
final class Stage implements AutoCloseable {

  private static final int START_SECONDS = 120;
  private static final int FOOTAGE_MEGABYTES = 128;
  private static final int SPOOL_MEGABYTES = 48;
  private static final String MASTER = "master";
  private static final List<String> NAMES = List.of("front", "yard", "lane", "roof");

  private final Path folder;
  private final Path jar;
  private final Path logs;
  private final Path masterConfig;
  private final int port;
  private final Clocks clocks;
  private final Optional<SmallDisk> footageDisk;
  private final List<Camera> cameras = new ArrayList<>();
  private Part master;
  private volatile Person person; // set by whoever starts the master, read by the observer

  /** A camera, whether it runs or not. */
  static final class Camera {
    final String name;
    final Path spool;
    final FaultProxy proxy;
    final Optional<SmallDisk> disk;
    private final Path config;
    private final CameraCredential credential;
    private Part part;

    Camera(
        String name,
        Path spool,
        Optional<SmallDisk> disk,
        Path config,
        CameraCredential credential,
        FaultProxy proxy) {
      this.name = name;
      this.spool = spool;
      this.disk = disk;
      this.config = config;
      this.credential = credential;
      this.proxy = proxy;
    }
  }

  /** Writes the configuration of all; starts nothing. */
  Stage(Path folder, Path jar, int howMany, long seed) throws IOException, InterruptedException {
    this.folder = folder;
    this.jar = jar;
    this.logs = Files.createDirectories(folder.resolve("logs"));
    this.masterConfig = folder.resolve("master.yml");
    this.clocks = new Clocks(folder.resolve("clocks"));
    this.footageDisk = SmallDisk.mountIfAllowed(footage(), FOOTAGE_MEGABYTES);
    this.port = freePort();
    Files.writeString(
        masterConfig,
        """
        footage:
          folder: %s
          id-folder: %s
        listen:
          port: %d
        retention:
          min-free: 1MB
        """
            .formatted(footage(), folder.resolve("ids"), port));
    for (int i = 0; i < howMany; i++) {
      cameras.add(configure(NAMES.get(i), new FaultProxy(port, seed + i), i));
    }
  }

  private Camera configure(String name, FaultProxy proxy, int number)
      throws IOException, InterruptedException {
    Path token = folder.resolve(name + ".token");
    Result asked = run(MASTER, "--config", masterConfig.toString(), "--camera-token", name);
    if (asked.exit() != 0) {
      throw new IOException("no token for camera " + name + ": " + asked.said());
    }
    Files.writeString(token, asked.said());
    Path config = folder.resolve(name + ".yml");
    Path spool = folder.resolve("spool-" + name);
    Optional<SmallDisk> disk =
        number == 0 ? SmallDisk.mountIfAllowed(spool, SPOOL_MEGABYTES) : Optional.empty();
    // every second camera has so little room that an outage of half a minute costs footage; the
    // others have segments of several fragments
    Files.writeString(
        config,
        """
        camera:
          name: %s
          source: "test://?size=160x120&fps=10&seed=%d"
        spool:
          folder: %s
          ram: none
          reserve: %s
          limit: %s
        record:
          segment: %s
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
            .formatted(
                name,
                number,
                spool,
                disk.isPresent() ? "1MB" : "auto",
                number % 2 == 1 ? "1MB" : "0",
                number % 2 == 1 ? "1s" : "4s",
                proxy.port(),
                token));
    CameraCredential credential = CameraCredential.parse(asked.said().strip());
    return new Camera(name, spool, disk, config, credential, proxy);
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

  Optional<SmallDisk> footageDisk() {
    return footageDisk;
  }

  boolean canStepClocks() {
    return clocks.canStep();
  }

  /** Sets the clock of a camera wrong, or that of the master. */
  void setClock(Optional<Camera> camera, Duration wrong) throws IOException {
    clocks.set(camera.map(c -> c.name).orElse(MASTER), wrong);
  }

  /** Asks the master in this camera's name. */
  Inquiry inquiry(Camera camera) {
    return new Inquiry(URI.create("http://127.0.0.1:" + port), camera.credential);
  }

  /**
   * Starts the master, and waits until it is ready.
   *
   * @param limitBytes the most footage that it is to keep; 0 for no limit
   * @return what it said instead where it ended; empty if it runs
   */
  Optional<String> startMaster(long limitBytes) throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of(MASTER, "--config", masterConfig.toString()));
    args.addAll(List.of("--json", "--set", "retention.max-size=" + limitBytes));
    master = Part.start(jar, logs, MASTER, args, clocks.environment(MASTER));
    for (int i = 0; i < START_SECONDS * 20; i++) {
      Optional<String> ready = master.line("\"ready\"");
      if (ready.isPresent()) {
        person = Person.signIn(ready.get());
        return Optional.empty();
      }
      if (!master.isAlive()) {
        return Optional.of(master.said());
      }
      pause(50);
    }
    throw new IllegalStateException("the master was not ready in time: " + master.said());
  }

  void hangMaster(long millis) throws IOException, InterruptedException {
    hang(master, millis);
  }

  void hang(Camera camera, long millis) throws IOException, InterruptedException {
    hang(camera.part, millis);
  }

  private static void hang(Part part, long millis) throws IOException, InterruptedException {
    part.hang();
    pause(millis);
    part.goOn();
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
    camera.part = Part.start(jar, logs, camera.name, args, clocks.environment(camera.name));
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
    try (Part part = Part.start(jar, logs, args[0], List.of(args), Map.of())) {
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

  /** Copies what lies on small disks, which go away, for whoever looks for a cause. */
  void keepDisks() throws IOException, InterruptedException {
    List<SmallDisk> disks = new ArrayList<>();
    footageDisk.ifPresent(disks::add);
    cameras.forEach(camera -> camera.disk.ifPresent(disks::add));
    for (SmallDisk disk : disks) {
      String to = disk.path() + "-kept";
      new ProcessBuilder("cp", "-a", disk.path().toString(), to).inheritIO().start().waitFor();
    }
  }

  /** Ends all that runs, and unmounts. */
  void abandon() {
    try {
      close();
    } catch (IOException | InterruptedException e) {
      System.err.println("something of it was left behind: " + e);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (Camera camera : cameras) {
      if (camera.part != null) {
        camera.part.close();
      }
      camera.proxy.close();
      camera.disk.ifPresent(SmallDisk::close);
    }
    if (master != null) {
      master.close();
    }
    footageDisk.ifPresent(SmallDisk::close);
  }
}
