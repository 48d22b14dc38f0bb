using DispatchCenter.Contracts;

namespace DispatchCenter.Web.Kernel.Words;

/// <summary>Names by code out of the public view of the street, also of what the street no longer has.</summary>
public static class PlaceNames
{
    extension(StreetView street)
    {
        public string CategoryName(string code, Wording words) => street.Categories.FirstOrDefault(c => c.Code == code) is { } c ? words.Pick(c.Name, c.NameEn) : street.FormerName("categories", code, words);

        public string PartyName(string code, Wording words) => street.Parties.FirstOrDefault(p => p.Code == code) is { } p ? words.Pick(p.Name, p.NameEn) : street.FormerName("parties", code, words);

        public string CommunityName(string code, Wording words) => street.Communities.FirstOrDefault(c => c.Code == code) is { } c ? words.Pick(c.Name, c.NameEn) : street.FormerName("communities", code, words);

        public string GridName(string code, Wording words) => street.Grids.FirstOrDefault(g => g.Code == code) is { } g ? words.Pick(g.Name, g.NameEn) : street.FormerName("grids", code, words);

        public string TeamName(string code, Wording words) => street.Teams.FirstOrDefault(t => t.Code == code) is { } t ? words.Pick(t.Name, t.NameEn) : street.FormerName("teams", code, words);

        public string StationName(string code, Wording words) => street.Stations.FirstOrDefault(s => s.Code == code) is { } s ? words.Pick(s.Name, s.NameEn) : street.FormerName("stations", code, words);

        private string FormerName(string kind, string code, Wording words) => street.Former.FirstOrDefault(f => f.Kind == kind && f.Code == code) is { } f ? words.Pick(f.Name, f.NameEn) : code;
    }
}
