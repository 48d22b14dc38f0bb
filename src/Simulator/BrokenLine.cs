using System.Net.Sockets;

namespace DispatchCenter.Simulator;

/// <summary>What a request throws when the server is gone, dies under it, or is silent for too long.</summary>
internal static class BrokenLine
{
    /// <summary>
    /// <see cref="HttpClient"/> wraps most of it in <see cref="HttpRequestException"/>, but not a socket that dies between connecting and its first request:
    /// the pool asks it for its other end and lets the <see cref="SocketException"/> out.
    /// </summary>
    /// <param name="stop">The caller's own token: a request that was stopped is not a broken line.</param>
    public static bool Is(Exception e, CancellationToken stop = default) =>
        e is HttpRequestException or IOException or SocketException or ObjectDisposedException || (e is OperationCanceledException && !stop.IsCancellationRequested);
}
