package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.SmallDisk;
import io.github.raspberryspy.segments.wire.CameraCredential;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A master and cameras on this machine, with a bad network between them, clocks that can be set
 * wrong and, where one may be mounted, small disks for the footage and for the first camera.
 */
final class Stage implements AutoCloseable {

  private static final int SPOOL_MEGABYTES = 48;
  private static final List<String> NAMES = List.of("front", "yard", "lane", "roof");

  private final Path folder;
  private final Programs programs;
  private final Masters masters;
  private final List<Camera> cameras = new ArrayList<>();

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

  /** Writes the configuration of all; starts no camera, and nothing that serves. */
  Stage(Path folder, Programs programs, Masters masters, int howMany, long seed)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.programs = programs;
    this.masters = masters;
    for (int i = 0; i < howMany; i++) {
      cameras.add(configure(NAMES.get(i), new FaultProxy(masters.port(), seed + i), i));
    }
  }

  private Camera configure(String name, FaultProxy proxy, int number)
      throws IOException, InterruptedException {
    Path token = folder.resolve(name + ".token");
    Programs.Result asked =
        programs.run("master", "--config", masters.config().toString(), "--camera-token", name);
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

  List<Camera> cameras() {
    return cameras;
  }

  Masters masters() {
    return masters;
  }

  Programs programs() {
    return programs;
  }

  /** Sets the clock of a camera wrong. */
  void setClock(Camera camera, Duration wrong) throws IOException {
    programs.clocks().set(camera.name, wrong);
  }

  /** Asks the master in this camera's name. */
  Inquiry inquiry(Camera camera) {
    return new Inquiry(URI.create("http://127.0.0.1:" + masters.port()), camera.credential);
  }

  void hang(Camera camera, long millis) throws IOException, InterruptedException {
    camera.part.hang();
    pause(millis);
    camera.part.goOn();
  }

  void start(Camera camera, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("camera", "--config", camera.config.toString()));
    args.addAll(List.of(more));
    camera.part = programs.start(camera.name, args);
  }

  void kill(Camera camera) throws InterruptedException {
    camera.part.kill();
  }

  Optional<String> stop(Camera camera) throws InterruptedException, IOException {
    return camera.part.stop("camera " + camera.name);
  }

  /** Waits until it ends by itself. */
  Optional<Integer> await(Camera camera, long seconds) throws InterruptedException {
    return camera.part.await(seconds);
  }

  String said(Camera camera) throws IOException {
    return camera.part.said();
  }

  /** Lets what runs run for a while: what is tested is a fault at any moment. */
  static void pause(long millis) throws InterruptedException {
    new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  /** Ends all that runs, the masters too, and unmounts. */
  void abandon() {
    try {
      close();
      masters.close();
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
  }
}
