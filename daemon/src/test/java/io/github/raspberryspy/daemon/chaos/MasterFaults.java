package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.faults.SmallDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What goes wrong with a master by itself, and with its clock. */
final class MasterFaults {

  /** Files whose appearance is a step of the way, at which it can be killed. */
  private static final List<String> STEPS =
      List.of(".info", ".part", ".seal", SegmentName.VIDEO, SegmentName.MANIFEST, ".tmp");

  private final OneMaster master;
  private final Disks disks;
  private final History history;
  private final Random random;

  MasterFaults(OneMaster master, Disks disks, History history, Random random) {
    this.master = master;
    this.disks = disks;
    this.history = history;
    this.random = random;
  }

  private void broken(String what) {
    history.add(new Seen.Broken(what));
  }

  /** Starts it with some limit or none, and makes room where it does not start without. */
  private void start() throws IOException, InterruptedException {
    long limit = disks.drawLimit();
    Optional<String> refused = master.start(limit);
    if (refused.isPresent() && disks.isMasterFull()) {
      broken("the master does not start on a full disk: " + refused.get().strip());
      disks.makeRoom();
      refused = master.start(limit);
    }
    if (refused.isPresent()) {
      throw new IllegalStateException("the master did not start: " + refused.get());
    }
  }

  void kill(boolean isAtStep) throws IOException, InterruptedException {
    String step = STEPS.get(random.nextInt(STEPS.size()));
    boolean isReached = isAtStep && CameraFaults.awaitNew(master.footage(), step);
    master.kill();
    broken("the master was killed" + (isReached ? " at a new " + step : ""));
    Stage.pause(random.nextInt(2000));
    start();
  }

  void loseIndex() throws IOException, InterruptedException {
    master.kill();
    disks.loseIndex();
    broken("the master was killed, and its index deleted");
    start();
  }

  /** A master that finds its disk read-only does not lose what is there. */
  void startReadOnly() throws IOException, InterruptedException {
    SmallDisk disk = master.disk().orElseThrow();
    master.kill();
    if (disk.remount(true)) {
      Optional<String> refused = master.start(0);
      broken("the master's disk is read-only: " + refused.orElse("it runs").strip());
      Stage.pause(random.nextInt(3000));
      master.kill();
      disk.remount(false);
    }
    start();
  }

  /** Returns what was wrong with that. */
  Optional<String> stop() throws IOException, InterruptedException {
    broken("the master is stopped");
    Optional<String> problem = master.stop();
    start();
    return problem;
  }

  void hang() throws IOException, InterruptedException {
    long millis = random.nextInt(8000);
    broken("the master hangs for " + millis + " ms");
    master.hang(millis);
  }

  void stepClock() throws IOException {
    Duration wrong = Clocks.STEPS.get(random.nextInt(Clocks.STEPS.size()));
    master.setClock(wrong);
    broken("the clock of the master is wrong by " + wrong);
  }
}
