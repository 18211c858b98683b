package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.daemon.Balancer;
import io.github.raspberryspy.daemon.chaos.Ending.Stored;
import io.github.raspberryspy.daemon.chaos.Stage.Camera;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.faults.SmallDisk;
import io.github.raspberryspy.segments.servers.PostgresServer;
import io.github.raspberryspy.segments.servers.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Breaks a master and its cameras for a while, then lets all become quiet, and judges the history.
 * A minute of it and a night of it are the same program.
 */
public final class Chaos {

  private static final long DRAIN_SECONDS = 240;

  /** A run of this length has time for a camera to be gone until it is salvaged. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final String USAGE =
      "usage: chaos [--seed N] [--for 60s|30m|8h] [--cameras 1..4] [--replicas] [--dir D] [--jar J]";

  private static final String REPLICAS = "--replicas";
  private static final List<String> VALUES =
      List.of("--seed", "--for", "--cameras", "--dir", "--jar");

  private final long seed;
  private final Duration time;
  private final Stage stage;
  private final History history;
  private final List<String> problems = new ArrayList<>();

  /** What came of it. */
  record Outcome(List<String> problems, int faults, long segments, String summary) {}

  private Chaos(long seed, Duration time, Stage stage, History history) {
    this.seed = seed;
    this.time = time;
    this.stage = stage;
    this.history = history;
  }

  /** Runs it; ends with 0 if nothing was found, 1 if something was, 2 if it was called wrongly. */
  public static void main(String[] args) throws Exception {
    Map<String, String> options = options(args);
    long seed = Long.parseLong(options.getOrDefault("--seed", "" + System.currentTimeMillis()));
    Path dir =
        options.containsKey("--dir")
            ? Files.createDirectories(Path.of(options.get("--dir")))
            : Files.createTempDirectory("chaos");
    boolean areReplicas = options.containsKey(REPLICAS);
    if (areReplicas && !canRunReplicas()) {
      refuse("--replicas takes HAProxy, PostgreSQL and s3proxy (module uploader/s3proxy)");
    }
    Outcome outcome =
        run(
            dir,
            Path.of(options.getOrDefault("--jar", "daemon/target/raspberryspy.jar")),
            seed,
            duration(options.getOrDefault("--for", "60s")),
            Integer.parseInt(options.getOrDefault("--cameras", "2")),
            areReplicas);
    System.out.println(outcome.summary());
    outcome.problems().forEach(System.out::println);
    System.exit(outcome.problems().isEmpty() ? 0 : 1);
  }

  private static Map<String, String> options(String... args) {
    Map<String, String> options = new TreeMap<>();
    for (int i = 0; i < args.length; i++) {
      boolean hasValue = VALUES.contains(args[i]) && i + 1 < args.length;
      if (!hasValue && !args[i].equals(REPLICAS)) {
        refuse(USAGE);
      }
      String name = args[i];
      options.put(name, hasValue ? args[++i] : "");
    }
    return options;
  }

  private static void refuse(String sentence) {
    System.err.println(sentence);
    System.exit(2);
  }

  /** Whether all is on this machine that replicas stand on. */
  static boolean canRunReplicas() throws IOException {
    return Balancer.isPresent() && PostgresServer.isPresent() && S3Server.isPresent();
  }

  private static Duration duration(String text) {
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }

  /**
   * Runs it.
   *
   * @param dir which is to be empty
   * @param areReplicas whether there are two masters over one database and one bucket
   */
  static Outcome run(Path dir, Path jar, long seed, Duration time, int cameras, boolean areReplicas)
      throws Exception {
    Path folder = dir.toAbsolutePath();
    Path file = folder.resolve("history.txt");
    Programs programs = new Programs(folder, jar.toAbsolutePath());
    try (History history = new History(file);
        Masters masters =
            areReplicas ? Replicas.in(folder, programs, seed) : new OneMaster(folder, programs);
        Stage stage = new Stage(folder, programs, masters, cameras, seed)) {
      Thread cleaner = new Thread(stage::abandon); // where somebody ends it by hand
      Runtime.getRuntime().addShutdownHook(cleaner);
      try {
        return new Chaos(seed, time, stage, history).run(file);
      } finally {
        Runtime.getRuntime().removeShutdownHook(cleaner);
      }
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException("seed " + seed + " ended early; history: " + file, e);
    }
  }

  private Outcome run(Path file) throws Exception {
    Random random = new Random(seed);
    boolean isPatient = time.compareTo(PATIENCE) >= 0;
    Masters masters = stage.masters();
    Optional<SmallDisk> disk =
        masters instanceof OneMaster one ? one.disk() : Optional.<SmallDisk>empty();
    Disks disks = new Disks(stage, disk, history, random);
    CameraFaults cameras = new CameraFaults(stage, history, random);
    Faults faults = new Faults(stage, cameras, disks, history, random, isPatient);
    if (masters instanceof OneMaster one) {
      faults.add(new MasterFaults(one, disks, history, random), disks);
    } else if (masters instanceof Replicas replicas) {
      faults.add(new ReplicaFaults(replicas, disks, history, random));
    }
    List<Path> spools = stage.cameras().stream().map(camera -> camera.spool).toList();
    Ending ending;
    try (Observer observer = new Observer(history, spools, masters::person)) {
      startWithoutLimit(disks);
      for (Camera camera : stage.cameras()) {
        stage.start(camera);
      }
      observer.start();
      long until = System.nanoTime() + time.toNanos();
      while (System.nanoTime() < until) {
        faults.strike();
      }
      settle(cameras, disks, isPatient);
      ending = ending(cameras);
    }
    problems.addAll(faults.problems());
    problems.addAll(cameras.problems());
    problems.addAll(HistoryChecker.violations(history.all(), ending));
    masters.stop().ifPresent(problems::add);
    checkFolders();
    if (!problems.isEmpty()) {
      disks.keep();
    }
    String summary =
        String.format(
            Locale.ROOT,
            "seed %d: %d faults in %s, %d segments seen, %d on the master in the end,"
                + " %d found wrong; history: %s%s",
            seed,
            faults.count(),
            time,
            history.all().stream().filter(Seen.Recorded.class::isInstance).count(),
            ending.stored().size(),
            problems.size(),
            file.toAbsolutePath(),
            faults.absent().isEmpty() ? "" : "; left out: " + String.join(", ", faults.absent()));
    return new Outcome(problems, faults.count(), ending.stored().size(), summary);
  }

  /**
   * Disks, clocks and network work, the cameras stop in order, and what waits is brought to the
   * master.
   */
  private void settle(CameraFaults cameras, Disks disks, boolean isPatient)
      throws IOException, InterruptedException {
    history.add(new Seen.Broken("nothing any more: all becomes quiet"));
    disks.makeRoom();
    stage.programs().clocks().setAllRight();
    stage.cameras().forEach(camera -> camera.proxy.heal());
    stage.masters().stop().ifPresent(problems::add);
    startWithoutLimit(disks);
    if (isPatient) {
      cameras.leaveUntilSalvaged();
    }
    for (Camera camera : stage.cameras()) {
      stage.stop(camera).ifPresent(problems::add);
      // what is missing before it is listed by the next segment
      stage.start(camera, "--set", "camera.source=test://?size=160x120&fps=10&frames=20");
    }
    for (Camera camera : stage.cameras()) {
      Optional<Integer> exit = stage.await(camera, DRAIN_SECONDS);
      if (exit.isEmpty() || exit.get() != 0) {
        problems.add("camera " + camera.name + " ended with " + exit + ": " + stage.said(camera));
        stage.kill(camera);
      }
    }
    for (Camera camera : stage.cameras()) {
      if (!waiting(camera).isEmpty()) {
        drain(camera);
      }
    }
  }

  private void startWithoutLimit(Disks disks) throws IOException, InterruptedException {
    disks.limit(0);
    Optional<String> refused = stage.masters().start(0);
    if (refused.isPresent()) {
      throw new IllegalStateException("the master did not start: " + refused.get());
    }
  }

  /** Its source never answers, so it records nothing and brings the spool to the master. */
  private void drain(Camera camera) throws IOException, InterruptedException {
    stage.start(camera, "--set", "camera.source=rtsp://127.0.0.1:1/nothing");
    for (int i = 0; i < DRAIN_SECONDS * 10 && !waiting(camera).isEmpty(); i++) {
      Stage.pause(100);
    }
    stage.stop(camera).ifPresent(problems::add);
  }

  /** Sealed segments in its spool that nothing keeps from the master. */
  private Set<String> waiting(Camera camera) {
    Set<String> waiting = ids(Spools.sealed(camera.spool));
    waiting.removeAll(flipped());
    return waiting;
  }

  private Set<String> flipped() {
    Set<String> flipped = new HashSet<>();
    for (Seen seen : history.all()) {
      if (seen instanceof Seen.Flipped f) {
        flipped.add(f.id());
      }
    }
    return flipped;
  }

  private static Set<String> ids(List<Path> manifests) {
    Set<String> ids = new TreeSet<>();
    for (Path file : manifests) {
      SegmentManifest manifest = Spools.manifestOrNull(file);
      if (manifest != null) {
        ids.add(manifest.id().toString());
      }
    }
    return ids;
  }

  private Ending ending(CameraFaults cameras) throws IOException, InterruptedException {
    List<Stored> stored = new ArrayList<>();
    for (Path file : footage()) {
      stored.add(stored(file));
    }
    Person person = stage.masters().person().orElseThrow();
    List<String> listed = new ArrayList<>();
    Set<String> saved = new TreeSet<>();
    for (Person.Listed one : person.list()) {
      listed.add(one.id());
      if (one.saved()) {
        saved.add(one.id());
      }
    }
    List<String> trashed = person.trash().stream().map(Person.Listed::id).toList();
    Set<String> spooled = new TreeSet<>();
    Set<String> quarantined = new TreeSet<>();
    for (Camera camera : stage.cameras()) {
      spooled.addAll(ids(Spools.sealed(camera.spool)));
      List<Path> aside = new ArrayList<>(Spools.files(camera.spool, SegmentName.MANIFEST));
      aside.removeIf(f -> !f.toString().contains("quarantine"));
      quarantined.addAll(ids(aside));
    }
    return new Ending(stored, listed, saved, trashed, spooled, quarantined, cameras.open());
  }

  private List<Path> footage() {
    return Spools.files(stage.masters().footage(), SegmentName.MANIFEST, ".raspberryspy");
  }

  private static Stored stored(Path file) throws IOException {
    SegmentManifest manifest = ManifestCodec.read(file);
    Path video = Spools.beside(file, SegmentName.VIDEO);
    String sha256 = Files.exists(video) ? DurableFiles.hash(video).sha256() : "absent";
    boolean plays = false;
    if (Files.exists(video)) {
      FragmentedMp4 mp4 = FragmentedMp4.scan(video);
      plays = mp4.isWhole() && mp4.startsWithKeyframe() && mp4.frames() == manifest.frames();
    }
    return new Stored(manifest, sha256, plays);
  }

  /** The program's own check finds nothing, and finds the bit that is flipped then. */
  private void checkFolders() throws IOException, InterruptedException {
    for (Camera camera : stage.cameras()) {
      if (ids(Spools.sealed(camera.spool)).stream().noneMatch(flipped()::contains)) {
        check(camera.spool.toString());
      }
    }
    check(stage.masters().footage().toString());
    check("--config", stage.masters().config().toString()); // by the index, in the bucket too
    List<Path> videos = Spools.files(stage.masters().footage(), SegmentName.VIDEO, ".raspberryspy");
    if (!videos.isEmpty()) {
      Path one = videos.get(new Random(seed).nextInt(videos.size()));
      Disks.flipBit(one, new Random(seed));
      Programs.Result found = stage.programs().run("check", stage.masters().footage().toString());
      if (found.exit() != 1 || !found.said().contains(one.toString())) {
        problems.add("check did not find the flipped bit in " + one + ": " + found.said());
      }
    }
  }

  private void check(String... what) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("check"));
    command.addAll(List.of(what));
    Programs.Result result = stage.programs().run(command.toArray(String[]::new));
    if (result.exit() != 0) {
      problems.add(String.join(" ", command) + ": " + result.said());
    }
  }
}
