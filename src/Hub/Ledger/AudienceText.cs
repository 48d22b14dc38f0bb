using System.Collections.Immutable;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Who may see a case, as one short journal line: community|g|p|team,team, followed by |post,post if posts have recused themselves.</summary>
internal static class AudienceText
{
    public static string Write(Audience audience) =>
        $"{audience.Community}|{(audience.GridWorkers ? "g" : string.Empty)}|{(audience.Recusal.Property ? "p" : string.Empty)}|{string.Join(',', audience.Teams)}"
        + (audience.Recusal.Posts.IsEmpty ? string.Empty : $"|{string.Join(',', audience.Recusal.Posts)}");

    public static Audience Read(string line)
    {
        var parts = line.Split('|');
        ImmutableArray<TeamCode> teams = parts[3].Length == 0 ? [] : [.. parts[3].Split(',').Select(t => new TeamCode(t))];
        return new Audience(new CommunityCode(parts[0]), teams, parts[1].Length > 0, RecusalOf(parts));
    }

    private static Recusal RecusalOf(string[] parts)
    {
        var recusal = parts[2].Length > 0 ? new Recusal(true) : Recusal.None;
        return parts.Length > 4 ? recusal with { Posts = [.. parts[4].Split(',').Select(p => new PostId(p))] } : recusal;
    }
}
