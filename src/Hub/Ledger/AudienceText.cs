using System.Collections.Immutable;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Street;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// Who may see a matter, as one short journal line. A whistle's: community|g|p|team,team, followed by |post,post if posts have recused themselves. Another kind's:
/// community||p||*|flags|team,team|post,post|asked,asked. A program from before there were other kinds reads that as a case hidden from everybody (*), so while
/// both run side by side it shows such a matter to nobody.
/// </summary>
internal static class AudienceText
{
    private const string Nobody = "*";
    private const char Sealed = 's';
    private const char Everyone = 'e';

    public static string Write(Audience audience)
    {
        var property = audience.Recusal.Property ? "p" : string.Empty;
        var posts = string.Join(',', audience.Recusal.Posts);
        if (audience is { Sealed: false, Everyone: false, Asked.IsEmpty: true })
            return $"{audience.Community}|{(audience.GridWorkers ? "g" : string.Empty)}|{property}|{string.Join(',', audience.Teams)}" + (posts.Length == 0 ? string.Empty : $"|{posts}");
        var flags = audience.Sealed ? $"{Sealed}" : audience.Everyone ? $"{Everyone}" : string.Empty;
        return $"{audience.Community}||{property}||{Nobody}|{flags}|{string.Join(',', audience.Teams)}|{posts}|{string.Join(',', audience.Asked)}";
    }

    /// <summary>The posts that have recused themselves, each between commas, as the column of a matter's row names them; null if none.</summary>
    public static string? Recused(Recusal recusal) => recusal.Posts.IsEmpty ? null : $",{string.Join(',', recusal.Posts)},";

    /// <summary>Whoever is waited for, each between bars, as the column of a matter's row names them; null if nobody is.</summary>
    public static string? Asked(Proceeding matter)
    {
        var asked = matter.IsOpen ? string.Join('|', matter.Awaited) : string.Empty;
        return asked.Length == 0 ? null : $"|{asked}|";
    }

    public static Audience Read(string line)
    {
        var parts = line.Split('|');
        var recusal = parts[2].Length > 0 ? new Recusal(true) : Recusal.None;
        if (parts.Length < 9) return new Audience(new CommunityCode(parts[0]), Teams(parts[3]), parts[1].Length > 0, parts.Length > 4 ? recusal with { Posts = Posts(parts[4]) } : recusal);
        return new Audience(new CommunityCode(parts[0]), Teams(parts[6]), false, parts[7].Length > 0 ? recusal with { Posts = Posts(parts[7]) } : recusal)
        {
            Sealed = parts[5].Contains(Sealed, StringComparison.Ordinal),
            Everyone = parts[5].Contains(Everyone, StringComparison.Ordinal),
            Asked = [.. List(parts[8]).Select(Respondent.Parse).OfType<Respondent>()],
        };
    }

    private static ImmutableArray<TeamCode> Teams(string text) => [.. List(text).Select(t => new TeamCode(t))];

    private static ImmutableArray<PostId> Posts(string text) => [.. List(text).Select(p => new PostId(p))];

    private static string[] List(string text) => text.Length == 0 ? [] : text.Split(',');
}
