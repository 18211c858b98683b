package io.github.raspberryspy.daemon.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Breaks one thing after the other, as the seed says. */
final class Faults {

  private final Random random;
  private final TreeMap<Integer, Fault> byWeight = new TreeMap<>();
  private final List<String> absent = new ArrayList<>();
  private int weights;
  private int count;

  private interface Fault {
    void strike() throws IOException, InterruptedException;
  }

  /**
   * All that this machine allows.
   *
   * @param isPatient whether there is time for a camera to be gone for over a minute
   */
  Faults(Processes processes, Stage stage, History history, Random random, boolean isPatient) {
    this.random = random;
    Network network = new Network(stage, history, random);
    People people = new People(stage, history, random);
    Disks disks = processes.disks();
    addProcesses(processes, isPatient);
    add(4, network::poison);
    add(2, network::part);
    add(2, network::cut);
    add(3, network::heal);
    add(4, people::save);
    add(2, people::delete);
    add(1, people::restore);
    add(2, disks::flip);
    if (disks.canFill()) {
      add(1, disks::fillMaster);
      add(1, disks::fillCamera);
      add(4, disks::makeRoom);
      add(1, processes::startMasterReadOnly);
    } else {
      absent.add("full and read-only disks, which take the superuser to mount");
    }
    if (stage.canStepClocks()) {
      add(2, processes::stepCamera);
      add(2, processes::stepMaster);
      add(2, processes::setClocksRight);
    } else {
      absent.add("steps of clocks, which take a C compiler");
    }
  }

  private void addProcesses(Processes processes, boolean isPatient) {
    add(3, () -> processes.killCamera(false));
    add(3, () -> processes.killCamera(true));
    add(2, () -> processes.killMaster(false));
    add(3, () -> processes.killMaster(true));
    add(1, processes::loseIndex);
    add(1, processes::stopCamera);
    add(1, processes::stopMaster);
    add(2, processes::hangCamera);
    add(1, processes::hangMaster);
    add(2, () -> processes.leave(random.nextInt(4000)));
    if (isPatient) {
      add(1, () -> processes.leave(62_000 + random.nextInt(20_000)));
    }
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

  /** What is left out on this machine, and why. */
  List<String> absent() {
    return absent;
  }
}
