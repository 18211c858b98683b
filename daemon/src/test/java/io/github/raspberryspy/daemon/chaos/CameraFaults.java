package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.daemon.chaos.Stage.Camera;
import io.github.raspberryspy.segments.DamagedVideoException;
import io.github.raspberryspy.segments.FileFacts;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** What goes wrong with the cameras themselves, and with their clocks. */
final class CameraFaults {

  private static final long MOST_WAIT_NANOS = Duration.ofSeconds(3).toNanos();

  /** Longer than a master waits for a lost camera before it salvages what it had sent. */
  private static final int SALVAGE_SECONDS = 150;

  /** Files whose appearance is a step of the way, at which a process can be killed. */
  private static final List<String> CAMERA_STEPS =
      List.of(SegmentName.PART, SegmentName.MANIFEST, Spools.RECEIPT, ".tmp", ".lost");

  private final Stage stage;
  private final History history;
  private final Random random;
  private final List<String> problems = new ArrayList<>();

  /** What the master held of an open segment when its camera went. */
  private record Promise(Camera camera, SegmentId id, Path part, String upload) {}

  private final List<Promise> promises = new ArrayList<>();

  CameraFaults(Stage stage, History history, Random random) {
    this.stage = stage;
    this.history = history;
    this.random = random;
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

  void killCamera(boolean isAtStep) throws IOException, InterruptedException {
    Camera camera = pick(stage.cameras());
    String step = pick(CAMERA_STEPS);
    boolean isReached = isAtStep && awaitNew(camera.spool, step);
    stage.kill(camera);
    broken("camera " + camera.name + " was killed" + (isReached ? " at a new " + step : ""));
    Stage.pause(random.nextInt(1000));
    stage.start(camera);
  }

  /** Waits until there is a file with this ending that was not there; false if none came. */
  static boolean awaitNew(Path folder, String ending) {
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

  void stopCamera() throws IOException, InterruptedException {
    Camera camera = pick(stage.cameras());
    broken("camera " + camera.name + " is stopped");
    stage.stop(camera).ifPresent(problems::add);
    stage.start(camera);
  }

  void hangCamera() throws IOException, InterruptedException {
    Camera camera = pick(stage.cameras());
    long millis = random.nextInt(8000);
    broken("camera " + camera.name + " hangs for " + millis + " ms");
    stage.hang(camera, millis);
  }

  void stepCamera() throws IOException {
    Camera camera = pick(stage.cameras());
    Duration wrong = pick(Clocks.STEPS);
    stage.setClock(camera, wrong);
    broken("the clock of camera " + camera.name + " is wrong by " + wrong);
  }

  /** A camera is gone for some time; what the master held of its open segment is still there. */
  void leave(long millis) throws IOException, InterruptedException {
    Camera camera = pick(stage.cameras());
    Optional<Promise> promise = vanish(camera);
    Stage.pause(millis);
    if (promise.isPresent()) {
      held(camera, promise.get());
    }
    broken("camera " + camera.name + " is back");
    stage.start(camera);
  }

  /** A camera is gone until what it had sent is salvaged. */
  void leaveUntilSalvaged() throws IOException, InterruptedException {
    Camera camera = stage.cameras().get(0);
    Optional<Promise> promise = vanish(camera);
    boolean isOpen = promise.isPresent() && isPlayable(held(camera, promise.get()));
    for (int i = 0; isOpen && i < SALVAGE_SECONDS; i++) {
      Stage.pause(1000);
      isOpen = bytes(camera, promise.get()).isPresent();
    }
    if (isOpen) {
      problems.add("what " + camera.name + " had sent when it was lost was never salvaged");
    }
    if (promise.isPresent()) {
      held(camera, promise.get());
    }
    broken("camera " + camera.name + " is back");
  }

  /** What the master holds as open uploads still of segments whose cameras went, in bytes. */
  Map<String, Long> open() throws InterruptedException {
    Map<String, Long> open = new HashMap<>();
    for (Promise promise : promises) {
      bytes(promise.camera, promise).ifPresent(n -> open.put(promise.id.toString(), n));
    }
    return open;
  }

  private static boolean isPlayable(Optional<Seen.Held> held) {
    return held.isPresent() && held.get().playable() > 0;
  }

  private Optional<Promise> vanish(Camera camera) throws IOException, InterruptedException {
    awaitNew(camera.spool, SegmentName.PART);
    Stage.pause(random.nextInt(3000));
    stage.kill(camera);
    broken("camera " + camera.name + " is gone");
    for (Path part : Spools.files(camera.spool, SegmentName.PART)) {
      Optional<SegmentId> id = id(part);
      if (id.isPresent()) {
        try {
          Optional<String> upload = stage.inquiry(camera).upload(id.get());
          if (upload.isPresent()) {
            Promise promise = new Promise(camera, id.get(), part, upload.get());
            promises.add(promise);
            held(camera, promise);
            return Optional.of(promise);
          }
        } catch (IOException e) {
          broken("the master did not say what it holds: " + e);
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<SegmentId> id(Path part) throws IOException {
    try {
      return FileFacts.of(FragmentedMp4.scan(part)).map(facts -> facts.header().id());
    } catch (DamagedVideoException e) {
      return Optional.empty(); // it had only begun
    }
  }

  private OptionalLong bytes(Camera camera, Promise promise) throws InterruptedException {
    try {
      return stage.inquiry(camera).bytes(promise.upload);
    } catch (IOException e) {
      return OptionalLong.of(0); // it says nothing now
    }
  }

  /** Notes what the master says that it holds, if it says something. */
  private Optional<Seen.Held> held(Camera camera, Promise promise) throws InterruptedException {
    try {
      String id = promise.id.toString();
      OptionalLong open = stage.inquiry(camera).bytes(promise.upload);
      Seen.Held held;
      if (open.isPresent()) {
        long bytes = open.getAsLong();
        held = new Seen.Held(id, bytes, playable(promise.part, bytes));
      } else {
        long bytes = sealedBytes(id);
        held = new Seen.Held(id, bytes, bytes);
      }
      history.add(held);
      return Optional.of(held);
    } catch (IOException e) {
      broken("the master did not say what it holds: " + e);
      return Optional.empty();
    }
  }

  private long sealedBytes(String id) throws IOException, InterruptedException {
    Person person = stage.masters().person().orElseThrow();
    List<Person.Listed> all = new ArrayList<>(person.list());
    all.addAll(person.trash());
    return all.stream()
        .filter(one -> one.id().equals(id))
        .mapToLong(Person.Listed::bytes)
        .max()
        .orElse(0);
  }

  /** How much of the first bytes of a file makes whole fragments. */
  private static long playable(Path file, long bytes) throws IOException {
    Path start = Files.createTempFile("start", SegmentName.VIDEO);
    try {
      byte[] all = Files.readAllBytes(file);
      Files.write(start, Arrays.copyOf(all, (int) Math.min(bytes, all.length)));
      FragmentedMp4 mp4 = FragmentedMp4.scan(start);
      return mp4.startsWithKeyframe() ? mp4.wholeBytes() : 0;
    } catch (DamagedVideoException e) {
      return 0; // not even a beginning
    } finally {
      Files.delete(start);
    }
  }
}
