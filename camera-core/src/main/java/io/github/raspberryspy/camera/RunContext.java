package io.github.raspberryspy.camera;

import io.github.raspberryspy.camera.encode.PacketWindow;
import io.github.raspberryspy.camera.snapshot.Snapshotter;
import io.github.raspberryspy.camera.source.StreamInfo;
import io.github.raspberryspy.camera.supervise.RunProgress;
import java.util.function.Consumer;

/**
 * What the threads of one run share.
 *
 * @param info what its source delivers
 * @param window the packets between the encoder, or the source, and those who read them
 * @param pictures makes pictures of now
 * @param fail ends the run with this failure, unless it has one
 */
record RunContext(
    PipelineSetup setup,
    Counters counters,
    StreamInfo info,
    RunProgress progress,
    PacketWindow window,
    RunThreads threads,
    Snapshotter pictures,
    Consumer<CameraException> fail) {}
