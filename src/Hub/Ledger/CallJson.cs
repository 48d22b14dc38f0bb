using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Hub.Ledger;

/// <summary>A case as stored in its row.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(CallNoJson), typeof(PostIdJson), typeof(CommunityCodeJson), typeof(GridCodeJson), typeof(TeamCodeJson), typeof(StationCodeJson)])]
[JsonSerializable(typeof(WhistleCall))]
internal sealed partial class CallJson : JsonSerializerContext
{
    public static string Write(WhistleCall call) => JsonSerializer.Serialize(call, Default.WhistleCall);

    public static WhistleCall Read(string body) =>
        JsonSerializer.Deserialize(body, Default.WhistleCall) is { } call ? Whole(call) : throw new InvalidOperationException("A case's row is empty.");

    /// <summary>A row written by an older version lacks the lists added later.</summary>
    private static WhistleCall Whole(WhistleCall call) => !call.Pauses.IsDefault ? call : call with { Pauses = [], Petitions = [], Children = [], Joined = [], Emergency = [] };
}

/// <summary>A code is written as its text.</summary>
internal abstract class CodeJson<T>(Func<string, T> read, Func<T, string> write) : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => read(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
}

internal sealed class CallNoJson() : CodeJson<CallNo>(s => new(s), c => c.Value);

internal sealed class PostIdJson() : CodeJson<PostId>(s => new(s), c => c.Value);

internal sealed class CommunityCodeJson() : CodeJson<CommunityCode>(s => new(s), c => c.Value);

internal sealed class GridCodeJson() : CodeJson<GridCode>(s => new(s), c => c.Value);

internal sealed class TeamCodeJson() : CodeJson<TeamCode>(s => new(s), c => c.Value);

internal sealed class StationCodeJson() : CodeJson<StationCode>(s => new(s), c => c.Value);
