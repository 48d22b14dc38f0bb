using DispatchCenter.Contracts;

namespace DispatchCenter.Bench.Feed;

/// <summary>How each server is spoken to.</summary>
internal static class Talks
{
    private const string End = "\u001e";
    private const string Handshake = """{"protocol":"json","version":1}""" + End;
    private const string Agreed = "{}" + End;
    private const string Ping = """{"type":6}""" + End;

    /// <param name="word">A token for our host; the group at the bare hub.</param>
    public static Talk Of(string name, string word) => name switch
    {
        StreetSide.Name => Street(word),
        BareHubSide.Name => Bare(word),
        SocketIo.Name => SocketIo.Talk,
        _ => throw new ArgumentException($"Nobody talks to {name}.", nameof(name)),
    };

    /// <summary>Our stream from scratch; it watches when the snapshot is there.</summary>
    private static Talk Street(string token) => new(
        $"{HubNames.Path}?access_token={Uri.EscapeDataString(token)}",
        [(null, Handshake), (Agreed, $$"""{"type":4,"invocationId":"1","target":"{{HubNames.Watch}}","arguments":[0]}""" + End)],
        "\"kind\":\"snapshot\"", Ping);

    /// <summary>The bare hub puts whoever connects into its group and says so.</summary>
    private static Talk Bare(string group) => new($"/hub?group={group}", [(null, Handshake)], Agreed, Ping);
}
