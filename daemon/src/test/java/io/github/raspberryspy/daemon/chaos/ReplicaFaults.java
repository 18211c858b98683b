package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.daemon.chaos.Replicas.Replica;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What goes wrong with replicas of a master, and with the database and the bucket under them. */
final class ReplicaFaults {

  /** Longer than a replica may be silent before another one serves. */
  private static final int LONG_MILLIS = 20_000;

  private static final int SHORT_MILLIS = 8000;

  /** Objects whose appearance is a step of the way, at which one can be killed; "" is any. */
  private static final List<String> STEPS = List.of("", SegmentName.VIDEO, SegmentName.MANIFEST);

  private final Replicas replicas;
  private final Disks disks;
  private final History history;
  private final Random random;

  ReplicaFaults(Replicas replicas, Disks disks, History history, Random random) {
    this.replicas = replicas;
    this.disks = disks;
    this.history = history;
    this.random = random;
  }

  private void broken(String what) {
    history.add(new Seen.Broken(what));
  }

  private Replica any() {
    return replicas.all().get(random.nextInt(replicas.all().size()));
  }

  /** The one that serves, mostly. */
  private Replica pick() {
    boolean isAny = random.nextInt(4) == 0;
    Replica other = any();
    return isAny ? other : replicas.serving().orElse(other);
  }

  /**
   * What a replica said that ended without having been asked to; empty where none did. One whose
   * start met with what is broken may end, and is started again, as whoever runs it would do.
   */
  Optional<String> ended() throws IOException {
    for (Replica replica : replicas.all()) {
      if (replica.hasEnded() && !replica.hasBegun()) {
        broken("replica " + replica.name + " did not start: " + replica.said().strip());
        replica.start();
      }
    }
    return replicas.ended();
  }

  void kill(boolean isAtStep) throws IOException, InterruptedException {
    String step = STEPS.get(random.nextInt(STEPS.size()));
    Replica replica = pick();
    boolean isReached = isAtStep && CameraFaults.awaitNew(replicas.footage(), step);
    replica.kill();
    broken("replica " + replica.name + " was killed" + (isReached ? " at a new " + step : ""));
    Stage.pause(random.nextInt(SHORT_MILLIS));
    replica.start();
  }

  /** All start again, with another limit; those whose clock is wrong may have to wait for it. */
  void killAll() throws IOException, InterruptedException {
    for (Replica replica : replicas.all()) {
      replica.kill();
    }
    broken("all replicas were killed");
    Stage.pause(random.nextInt(2000));
    replicas.begin(disks.drawLimit());
  }

  /** Returns what was wrong with that. */
  Optional<String> stop() throws IOException, InterruptedException {
    Replica replica = pick();
    broken("replica " + replica.name + " is stopped");
    Optional<String> problem = replica.stop();
    replica.start();
    return problem;
  }

  void hang() throws IOException, InterruptedException {
    Replica replica = pick();
    long millis = random.nextInt(LONG_MILLIS);
    broken("replica " + replica.name + " hangs for " + millis + " ms");
    replica.hang(millis);
  }

  void partFromDatabase() throws InterruptedException {
    Replica replica = pick();
    part("replica " + replica.name + " is cut off from the database", replica.toDatabase);
  }

  void partFromStore() throws InterruptedException {
    Replica replica = pick();
    part("replica " + replica.name + " is cut off from the bucket", replica.toStore);
  }

  private void part(String what, FaultProxy network) throws InterruptedException {
    boolean isSilent = random.nextBoolean();
    long millis = random.nextInt(LONG_MILLIS);
    broken(what + (isSilent ? ", in silence" : "") + " for " + millis + " ms");
    if (isSilent) {
      network.upstream(new Toxic.Timeout(Duration.ZERO));
      network.downstream(new Toxic.Timeout(Duration.ZERO));
    } else {
      network.refuse(true);
      network.cut();
    }
    Stage.pause(millis);
    network.heal();
  }

  /** Either network of a replica is bad for a while. */
  void poison() throws InterruptedException {
    Replica replica = pick();
    boolean isDatabase = random.nextBoolean();
    FaultProxy network = isDatabase ? replica.toDatabase : replica.toStore;
    Toxic up = Network.toxic(random);
    Toxic down = Network.toxic(random);
    broken(
        "between replica %s and the %s: %s up, %s down"
            .formatted(replica.name, isDatabase ? "database" : "bucket", up, down));
    network.upstream(up);
    network.downstream(down);
    Stage.pause(random.nextInt(LONG_MILLIS));
    network.heal();
  }

  void killDatabase() throws IOException, InterruptedException {
    long millis = random.nextInt(SHORT_MILLIS);
    broken("the database dies, and is away for " + millis + " ms");
    replicas.database().stop();
    Stage.pause(millis);
    replicas.database().run();
  }

  void killStore() throws IOException, InterruptedException {
    long millis = random.nextInt(SHORT_MILLIS);
    broken("the bucket's server dies, and is away for " + millis + " ms");
    replicas.store().kill();
    Stage.pause(millis);
    replicas.store().restart();
  }

  void stepClock() throws IOException {
    Replica replica = pick();
    Duration wrong = Clocks.STEPS.get(random.nextInt(Clocks.STEPS.size()));
    replicas.setClock(replica, wrong);
    broken("the clock of replica " + replica.name + " is wrong by " + wrong);
  }
}
