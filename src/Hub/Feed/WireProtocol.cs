using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace DispatchCenter.Hub.Feed;

/// <summary>
/// SignalR's JSON protocol, except that feed frames are copied into one contiguous buffer. A message in several segments would pass
/// through the socket layers, and the kernel, once per segment.
/// </summary>
public sealed class WireProtocol(JsonHubProtocol json) : IHubProtocol
{
    private const byte EndOfMessage = 0x1E;

    public string Name => json.Name;

    public int Version => json.Version;

    public TransferFormat TransferFormat => json.TransferFormat;

    private static ReadOnlySpan<byte> Begin => "{\"type\":2,\"invocationId\":\""u8;

    private static ReadOnlySpan<byte> Middle => "\",\"item\":"u8;

    public bool IsVersionSupported(int version) => json.IsVersionSupported(version);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message) =>
        json.TryParseMessage(ref input, binder, out message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        if (message is StreamItemMessage { Item: WireFrame frame, InvocationId: { } id }) WriteFrame(id, frame.Utf8.Span, output);
        else json.WriteMessage(message, output);
    }

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteMessage(message, buffer);
        return buffer.WrittenMemory;
    }

    private static void WriteFrame(string id, ReadOnlySpan<byte> frame, IBufferWriter<byte> output)
    {
        var invocation = JsonEncodedText.Encode(id).EncodedUtf8Bytes;
        var length = Begin.Length + invocation.Length + Middle.Length + frame.Length + 2;
        var to = output.GetSpan(length);
        Begin.CopyTo(to);
        to = to[Begin.Length..];
        invocation.CopyTo(to);
        to = to[invocation.Length..];
        Middle.CopyTo(to);
        to = to[Middle.Length..];
        frame.CopyTo(to);
        to[frame.Length] = (byte)'}';
        to[frame.Length + 1] = EndOfMessage;
        output.Advance(length);
    }
}
