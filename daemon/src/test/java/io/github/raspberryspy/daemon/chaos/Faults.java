package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.daemon.chaos.Stage.Camera;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.faults.Toxic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Breaks one thing after the other, as the seed says. */
final class Faults {

  private static final long MOST_WAIT_NANOS = Duration.ofSeconds(3).toNanos();

  /** Files whose appearance is a step of the way, at which a process can be killed. */
  private static final List<String> CAMERA_STEPS =
      List.of(SegmentName.PART, SegmentName.MANIFEST, Spools.RECEIPT, ".tmp", ".lost");

  private static final List<String> MASTER_STEPS =
      List.of(".info", ".part", ".seal", SegmentName.VIDEO, SegmentName.MANIFEST, ".tmp");

  private final Stage stage;
  private final History history;
  private final Random random;
  private final TreeMap<Integer, Fault> byWeight = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private int weights;
  private int count;

  private interface Fault {
    void strike() throws IOException, InterruptedException;
  }

  Faults(Stage stage, History history, long seed) {
    this.stage = stage;
    this.history = history;
    this.random = new Random(seed);
    add(3, () -> killCamera(Optional.empty()));
    add(3, () -> killCamera(Optional.of(pick(CAMERA_STEPS))));
    add(2, () -> killMaster(Optional.empty()));
    add(3, () -> killMaster(Optional.of(pick(MASTER_STEPS))));
    add(1, this::loseIndex);
    add(1, this::stopCamera);
    add(1, this::stopMaster);
    add(4, this::poison);
    add(2, this::part);
    add(2, this::cut);
    add(3, this::heal);
    add(4, this::save);
    add(2, this::flip);
  }

  private void add(int weight, Fault fault) {
    weights += weight;
    byWeight.put(weights, fault);
  }

  /** The next one. */
  void strike() throws IOException, InterruptedException {
    count++;
    byWeight.higherEntry(random.nextInt(weights)).getValue().strike();
    Stage.pause(random.nextInt(1500));
  }

  int count() {
    return count;
  }

  /** What went wrong that no history tells. */
  List<String> problems() {
    return problems;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private void broken(String what) {
    history.add(new Seen.Broken(what));
  }

  private void killCamera(Optional<String> step) throws IOException, InterruptedException {
    Camera camera = pick(stage.cameras());
    boolean isReached = step.map(s -> awaitNew(camera.spool, s)).orElse(false);
    stage.kill(camera);
    broken("camera " + camera.name + " was killed" + (isReached ? " at a new " + step.get() : ""));
    Stage.pause(random.nextInt(1000));
    stage.start(camera);
  }

  private void killMaster(Optional<String> step) throws IOException, InterruptedException {
    boolean isReached = step.map(s -> awaitNew(stage.footage(), s)).orElse(false);
    stage.killMaster();
    broken("the master was killed" + (isReached ? " at a new " + step.get() : ""));
    Stage.pause(random.nextInt(2000));
    stage.startMaster();
  }

  /** Waits until there is a file with this ending that was not there; false if none came. */
  private static boolean awaitNew(Path folder, String ending) {
    List<Path> before = Spools.files(folder, ending);
    long until = System.nanoTime() + MOST_WAIT_NANOS;
    while (System.nanoTime() < until) {
      if (!before.containsAll(Spools.files(folder, ending))) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private void loseIndex() throws IOException, InterruptedException {
    stage.killMaster();
    for (String ending : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(stage.footage().resolve(".raspberryspy/index.db" + ending));
    }
    broken("the master was killed, and its index deleted");
    stage.startMaster();
  }

  private void stopCamera() throws IOException, InterruptedException {
    Camera camera = pick(stage.cameras());
    broken("camera " + camera.name + " is stopped");
    stage.stop(camera).ifPresent(problems::add);
    stage.start(camera);
  }

  private void stopMaster() throws IOException, InterruptedException {
    broken("the master is stopped");
    stage.stopMaster().ifPresent(problems::add);
    stage.startMaster();
  }

  private void poison() {
    Camera camera = pick(stage.cameras());
    Toxic up = toxic();
    Toxic down = toxic();
    camera.proxy.upstream(up);
    camera.proxy.downstream(down);
    broken("between " + camera.name + " and the master: " + up + " up, " + down + " down");
  }

  private Toxic toxic() {
    return switch (random.nextInt(6)) {
      case 0 ->
          new Toxic.Latency(
              Duration.ofMillis(random.nextInt(500)), Duration.ofMillis(random.nextInt(200)));
      case 1 -> new Toxic.Bandwidth(8_000 + random.nextInt(100_000));
      case 2 -> new Toxic.SlowClose(Duration.ofMillis(random.nextInt(3000)));
      case 3 -> new Toxic.Timeout(Duration.ofMillis(1 + random.nextInt(2000)));
      case 4 -> new Toxic.Slicer(200, 190, Duration.ofNanos(100_000));
      default -> new Toxic.LimitData(random.nextInt(200_000));
    };
  }

  private void part() throws InterruptedException {
    Camera camera = pick(stage.cameras());
    broken("camera " + camera.name + " is cut off");
    if (random.nextBoolean()) {
      camera.proxy.refuse(true);
      camera.proxy.cut();
    } else {
      camera.proxy.upstream(new Toxic.Timeout(Duration.ZERO));
      camera.proxy.downstream(new Toxic.Timeout(Duration.ZERO));
    }
    Stage.pause(random.nextInt(6000));
    camera.proxy.heal();
  }

  private void cut() {
    Camera camera = pick(stage.cameras());
    camera.proxy.cut();
    broken("the connections of camera " + camera.name + " are reset");
  }

  private void heal() {
    stage.cameras().forEach(camera -> camera.proxy.heal());
    broken("nothing: the network works");
  }

  private void save() throws InterruptedException {
    try {
      Person person = stage.person().orElseThrow();
      List<Person.Listed> all = person.list();
      if (all.isEmpty()) {
        return;
      }
      String id = pick(all).id();
      boolean saved = random.nextInt(4) > 0;
      history.add(new Seen.SaveAsked(id, saved));
      if (person.save(id, saved)) {
        history.add(new Seen.SaveDone(id, saved));
      }
    } catch (IOException e) {
      broken("a person got no answer: " + e);
    }
  }

  private void flip() throws IOException {
    List<Path> sealed = new ArrayList<>();
    stage.cameras().forEach(camera -> sealed.addAll(Spools.sealed(camera.spool)));
    if (sealed.isEmpty()) {
      return;
    }
    Path file = pick(sealed);
    SegmentManifest manifest = Spools.manifestOrNull(file);
    if (manifest != null) {
      history.add(new Seen.Flipped(manifest.id().toString()));
      flipBit(Spools.beside(file, SegmentName.VIDEO), random);
    }
  }

  /** Turns one bit of a file round, wherever in it; one that is gone stays so. */
  static void flipBit(Path file, Random random) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long at = (long) (random.nextDouble() * channel.size());
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(8)))).rewind();
      channel.write(one, at);
    } catch (NoSuchFileException e) {
      // uploaded and deleted meanwhile
    }
  }
}
