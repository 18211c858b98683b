package io.github.raspberryspy.daemon.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Breaks one thing after the other, as the seed says. */
final class Faults {

  private final Random random;
  private final TreeMap<Integer, Fault> byWeight = new TreeMap<>();
  private final List<String> absent = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final boolean canStepClocks;
  private Casualty ending = Optional::empty;
  private int weights;
  private int count;

  private interface Fault {
    void strike() throws IOException, InterruptedException;
  }

  /** Something that should run and does not, with what it said. */
  private interface Casualty {
    Optional<String> find() throws IOException;
  }

  /**
   * All that this machine allows of what can befall cameras, people, and the network to the master.
   *
   * @param isPatient whether there is time for a camera to be gone for over a minute
   */
  Faults(
      Stage stage,
      CameraFaults cameras,
      Disks disks,
      History history,
      Random random,
      boolean isPatient) {
    this.random = random;
    this.canStepClocks = stage.programs().clocks().canStep();
    Network network = new Network(stage, history, random);
    People people = new People(stage, history, random);
    addCameras(cameras, isPatient);
    add(4, network::poison);
    add(2, network::part);
    add(2, network::cut);
    add(3, network::heal);
    add(4, people::save);
    add(2, people::delete);
    add(1, people::restore);
    add(2, disks::flip);
    if (disks.canFillCamera()) {
      add(1, disks::fillCamera);
      add(4, disks::makeRoom);
    } else {
      absent.add("full and read-only disks, which take the superuser to mount");
    }
    if (canStepClocks) {
      add(2, cameras::stepCamera);
      add(
          2,
          () -> {
            stage.programs().clocks().setAllRight();
            history.add(new Seen.Broken("nothing: all clocks are right"));
          });
    } else {
      absent.add("steps of clocks, which take a C compiler");
    }
  }

  private void addCameras(CameraFaults cameras, boolean isPatient) {
    add(3, () -> cameras.killCamera(false));
    add(3, () -> cameras.killCamera(true));
    add(1, cameras::stopCamera);
    add(2, cameras::hangCamera);
    add(2, () -> cameras.leave(random.nextInt(4000)));
    if (isPatient) {
      add(1, () -> cameras.leave(62_000 + random.nextInt(20_000)));
    }
  }

  /** What can befall a master by itself, too. */
  void add(MasterFaults master, Disks disks) {
    add(2, () -> master.kill(false));
    add(3, () -> master.kill(true));
    add(1, master::loseIndex);
    add(1, () -> master.stop().ifPresent(problems::add));
    add(1, master::hang);
    if (disks.canFillMaster()) {
      add(1, disks::fillMaster);
      add(1, master::startReadOnly);
    }
    if (canStepClocks) {
      add(2, master::stepClock);
    }
  }

  /** What can befall replicas, too. */
  void add(ReplicaFaults replicas) {
    add(3, () -> replicas.kill(false));
    add(4, () -> replicas.kill(true));
    add(2, replicas::killAll);
    add(1, () -> replicas.stop().ifPresent(problems::add));
    add(4, replicas::hang);
    add(4, replicas::partFromDatabase);
    add(3, replicas::partFromStore);
    add(3, replicas::poison);
    add(2, replicas::killDatabase);
    add(2, replicas::killStore);
    if (canStepClocks) {
      add(1, replicas::stepClock);
    }
    ending = replicas::ended;
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
    Optional<String> ended = ending.find();
    if (ended.isPresent()) {
      throw new IllegalStateException(ended.get());
    }
  }

  int count() {
    return count;
  }

  /** What went wrong that no history tells. */
  List<String> problems() {
    return problems;
  }

  /** What is left out on this machine, and why. */
  List<String> absent() {
    return absent;
  }
}
