package io.github.raspberryspy.natives.libcamera;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The shim's functions, as {@code rspy_camera.h} describes them, by JNA's direct mapping. */
final class Functions {

  private Functions() {}

  /** Binds them, once for the process. */
  static void register(NativeLibrary library) {
    Native.register(Functions.class, library);
  }

  static native int rspy_camera_abi();

  static native Pointer rspy_camera_version();

  static native Pointer rspy_camera_last_error();

  static native int rspy_camera_list(Pointer into, int capacity);

  static native int rspy_camera_open(Pointer which);

  static native int rspy_camera_id(int handle, Pointer into, int capacity);

  static native int rspy_camera_configure(int handle, Pointer ask, Pointer granted);

  static native int rspy_camera_buffer(int handle, int stream, int buffer, Pointer planes);

  static native int rspy_camera_controls(int handle, Pointer into, int capacity);

  static native int rspy_camera_set_control(int handle, Pointer name, Pointer value);

  static native int rspy_camera_start(int handle);

  static native int rspy_camera_wait(int handle, int timeoutMillis);

  static native int rspy_camera_wake(int handle);

  static native int rspy_camera_next(int handle, Pointer frame);

  static native int rspy_camera_requeue(int handle, int buffer);

  static native int rspy_camera_stop(int handle);

  static native int rspy_camera_release(int handle);

  static native int rspy_camera_close(int handle);
}
