package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.faults.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A master by itself, with its footage in a folder: where one may be mounted, on a small disk. */
final class OneMaster implements Masters {

  private static final int START_SECONDS = 120;
  private static final int FOOTAGE_MEGABYTES = 128;
  private static final String NAME = "master";

  private final Programs programs;
  private final Path footage;
  private final Path config;
  private final int port;
  private final Optional<SmallDisk> disk;
  private Part part;
  private volatile Person person; // set by whoever starts it, read by the observer

  OneMaster(Path folder, Programs programs) throws IOException {
    this.programs = programs;
    this.footage = folder.resolve("footage");
    this.disk = SmallDisk.mountIfAllowed(footage, FOOTAGE_MEGABYTES);
    this.port = Programs.freePort();
    this.config =
        Files.writeString(
            folder.resolve("master.yml"),
            """
            footage:
              folder: %s
              id-folder: %s
            listen:
              port: %d
            retention:
              min-free: 1MB
            """
                .formatted(footage, folder.resolve("ids"), port));
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public Path config() {
    return config;
  }

  @Override
  public Path footage() {
    return footage;
  }

  @Override
  public Optional<Person> person() {
    return Optional.ofNullable(person);
  }

  Optional<SmallDisk> disk() {
    return disk;
  }

  @Override
  public Optional<String> start(long limitBytes) throws IOException, InterruptedException {
    part =
        programs.start(
            NAME,
            List.of(
                "master",
                "--config",
                config.toString(),
                "--json",
                "--set",
                "retention.max-size=" + limitBytes));
    for (int i = 0; i < START_SECONDS * 20; i++) {
      Optional<String> ready = part.line("\"ready\"");
      if (ready.isPresent()) {
        person = Person.signIn(ready.get());
        return Optional.empty();
      }
      if (!part.isAlive()) {
        return Optional.of(part.said());
      }
      Stage.pause(50);
    }
    throw new IllegalStateException("the master was not ready in time: " + part.said());
  }

  void hang(long millis) throws IOException, InterruptedException {
    part.hang();
    Stage.pause(millis);
    part.goOn();
  }

  void kill() throws InterruptedException {
    person = null;
    part.kill();
  }

  @Override
  public Optional<String> stop() throws IOException, InterruptedException {
    person = null;
    return part.stop("the master");
  }

  void setClock(Duration wrong) throws IOException {
    programs.clocks().set(NAME, wrong);
  }

  @Override
  public void close() throws InterruptedException {
    if (part != null) {
      part.close();
    }
    disk.ifPresent(SmallDisk::close);
  }
}
