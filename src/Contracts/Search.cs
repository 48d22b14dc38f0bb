namespace DispatchCenter.Contracts;

/// <summary><c>POST /api/search</c>: part of a case number, of a text, of a place's, team's or category's name, or the end of a telephone number. 2 to 60 characters.</summary>
public sealed record SearchRequest(string? Q);

/// <param name="Hits">Open cases first, then the newest.</param>
/// <param name="Cut">Whether there may be more, or older ones, than were examined.</param>
public sealed record SearchView(IReadOnlyList<SearchHit> Hits, bool Cut);

/// <param name="By">number, phone, words, place, team or category.</param>
public sealed record SearchHit(CallCard Call, string By)
{
    public const string ByNumber = "number";
    public const string ByPhone = "phone";
    public const string ByWords = "words";
    public const string ByPlace = "place";
    public const string ByTeam = "team";
    public const string ByCategory = "category";
}
