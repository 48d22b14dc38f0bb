using DispatchCenter.Hub.Kernel;
using Xunit;

namespace DispatchCenter.Unit.Numbers;

/// <summary>A telephone number has one form, however it is written; what looks wrong is told from what is none.</summary>
public sealed class PhoneTests
{
    [Theory]
    [InlineData("13855550001", "13855550001", true)]
    [InlineData("女儿 138 5555 0001，儿子 13900001111", "13855550001", true)]
    [InlineData("女儿 138 5555 0001 儿子 13900001111", "13900001111", true)]
    [InlineData("2-101-13855550001", "13855550001", true)]
    [InlineData("\uff11\uff13\uff18\uff15\uff15\uff15\uff15\uff10\uff10\uff10\uff11 王", "13855550001", true)]
    [InlineData("+86 138-5555-0001", "13855550001", true)]
    [InlineData("(0632)5552011 王", "0632-5552011", true)]
    [InlineData("0632 555 2011 王", "0632-5552011", true)]
    [InlineData("0632\u20115552011", "0632-5552011", true)]
    [InlineData("13855550002", "13855550001", false)]
    [InlineData("138 女儿 55550001", "13855550001", false)]
    [InlineData("家里 1385555\n0001", "13855550001", false)]
    [InlineData("", "13855550001", false)]
    public void A_number_is_found_among_other_words_however_it_is_written(string text, string number, bool isIn) => Assert.Equal(isIn, Phones.IsIn(text, number));

    [Theory]
    [InlineData("13800138000")]
    [InlineData("138 0013 8000")]
    [InlineData("138-0013-8000")]
    [InlineData("138.0013.8000")]
    [InlineData("+86 138-0013-8000")]
    [InlineData("(+86)13800138000")]
    [InlineData("8613800138000")]
    [InlineData("86 138 0013 8000")]
    [InlineData("0086 138 0013 8000")]
    [InlineData("013800138000")]
    [InlineData("１３８００１３８０００")]
    [InlineData("　１３８　００１３　８０００")]
    [InlineData("＋８６ 138－0013－8000")]
    [InlineData("138–0013—8000")]
    [InlineData("138−0013−8000")]
    [InlineData("١٣٨٠٠١٣٨٠٠٠")]
    [InlineData("\u202d138\u00a00013\u200b8000\u202c")]
    [InlineData("13800138000\n")]
    public void A_mobile_is_eleven_digits_however_it_is_written(string said) => Assert.Equal(new Phone("13800138000", PhoneKind.Mobile, IsUnusual: false, TakesText: true), Phones.Of(said));

    [Theory]
    [InlineData("0632-5550100")]
    [InlineData("06325550100")]
    [InlineData("0632 555 0100")]
    [InlineData("(0632) 555 0100")]
    [InlineData("（0632）5550100")]
    [InlineData("+86 0632 5550100")]
    [InlineData("+86 (0)632 5550100")]
    [InlineData("+86 632 5550100")]
    [InlineData("86 0632 5550100")]
    [InlineData("0086 632 5550100")]
    [InlineData("6325550100")]
    [InlineData("٠٦٣٢-٥٥٥٠١٠٠")]
    public void A_landline_is_its_area_code_and_its_number(string said) => Assert.Equal(new Phone("0632-5550100", PhoneKind.Landline, false, false), Phones.Of(said));

    [Theory]
    [InlineData("0632-5550100-12")]
    [InlineData("06325550100-12")]
    [InlineData("0632-555-0100-12")]
    [InlineData("+86 632 5550100-12")]
    [InlineData("0632-5550100转12")]
    [InlineData("0632-5550100 转 12")]
    [InlineData("0632-5550100轉12")]
    [InlineData("0632-5550100分机12")]
    [InlineData("0632-5550100转分机12")]
    [InlineData("0632-5550100 分机号：12")]
    [InlineData("0632-5550100 ext 12")]
    [InlineData("0632-5550100 Ext. 12")]
    [InlineData("0632-5550100 x12")]
    [InlineData("0632-5550100#12")]
    [InlineData("0632-5550100，12")]
    [InlineData("0632-5550100;ext=12")]
    public void An_extension_follows_a_hyphen(string said) => Assert.Equal(new Phone("0632-5550100-12", PhoneKind.Landline, false, false), Phones.Of(said));

    [Theory]
    [InlineData("010-62551234", "010-62551234")]
    [InlineData("(010) 6255 1234", "010-62551234")]
    [InlineData("010-6255-1234-801", "010-62551234-801")]
    [InlineData("17012345678转1234", "17012345678-1234")] // a number that hides another
    public void Area_codes_have_their_own_length_and_a_mobile_its_extension(string said, string number) =>
        Assert.Equal((number, false, false), Phones.Of(said) is { } phone ? (phone.Number, phone.IsUnusual, phone.TakesText) : default);

    [Theory]
    [InlineData("5550100", "5550100", PhoneKind.Local)]
    [InlineData("555-0100", "5550100", PhoneKind.Local)]
    [InlineData("8123 4567", "81234567", PhoneKind.Local)]
    [InlineData("5550100转8", "5550100-8", PhoneKind.Local)]
    [InlineData("110", "110", PhoneKind.Service)]
    [InlineData("１１９", "119", PhoneKind.Service)]
    [InlineData("12345", "12345", PhoneKind.Service)]
    [InlineData("96333", "96333", PhoneKind.Service)]
    [InlineData("95588", "95588", PhoneKind.Service)]
    [InlineData("+86 95588", "95588", PhoneKind.Service)]
    [InlineData("5550100-8", "5550100-8", PhoneKind.Local)]
    [InlineData("4008123-456", "4008123456", PhoneKind.Service)]
    [InlineData("400-812-3456", "4008123456", PhoneKind.Service)]
    [InlineData("4008123456转5", "4008123456-5", PhoneKind.Service)]
    [InlineData("800 810 1234", "8008101234", PhoneKind.Service)]
    public void A_number_without_area_code_or_of_a_service_is_its_digits_and_takes_no_text(string said, string number, PhoneKind kind) =>
        Assert.Equal(new Phone(number, kind, false, false), Phones.Of(said));

    [Theory]
    [InlineData("+85291234567", "+85291234567", true)]
    [InlineData("00852 9123 4567", "+85291234567", true)]
    [InlineData("＋852 9123-4567", "+85291234567", true)]
    [InlineData("+852 2123 4567", "+85221234567", false)]
    [InlineData("+886 0912 345 678", "+886912345678", true)]
    [InlineData("+1 (650) 253-0000", "+16502530000", true)] // nobody can tell
    [InlineData("+44 (0)20 7946 0958", "+442079460958", false)]
    public void A_number_abroad_is_in_E164(string said, string number, bool takesText) => Assert.Equal(new Phone(number, PhoneKind.Abroad, false, takesText), Phones.Of(said));

    [Theory]
    [InlineData("1380013800", "1380013800", false)] // a digit is missing
    [InlineData("138 0013 800", "1380013800", false)]
    [InlineData("138-0013-800", "1380013800", false)] // no extension
    [InlineData("138001380001", "138001380001", false)]
    [InlineData("17900000000", "17900000000", true)] // no such prefix yet
    [InlineData("10012345678", "10012345678", false)]
    [InlineData("0632-555010", "0632555010", false)]
    [InlineData("0632-55501001", "063255501001", false)]
    [InlineData("1380013800转12", "1380013800-12", false)]
    [InlineData("85291234567", "85291234567", false)] // Hong Kong without its plus
    [InlineData("+999 123 456 789", "+999123456789", true)]
    [InlineData("+852 1234 567", "+8521234567", true)]
    [InlineData("5550100 5550101", "55501005550101", false)]
    public void What_looks_incomplete_or_is_not_assigned_is_unusual_and_is_a_number_all_the_same(string said, string number, bool takesText) =>
        Assert.Equal((number, true, takesText), Phones.Of(said) is { } phone ? (phone.Number, phone.IsUnusual, phone.TakesText) : default);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData("12")]
    [InlineData("----123")]
    [InlineData("13800138000/13900139000")]
    [InlineData("13800138000、13900139000")]
    [InlineData("13800138000,13900139000")]
    [InlineData("13800138000 13900139000")]
    [InlineData("13800138000\n13900139000")]
    [InlineData("13800138000 or 13900139000")]
    [InlineData("110,119")]
    [InlineData("110转5")]
    [InlineData("0632-5550100转")]
    [InlineData("0632-5550100转1234567")]
    [InlineData("++8613800138000")]
    [InlineData("138+00138000")]
    [InlineData("call me")]
    [InlineData("一三八零零一三八零零零")]
    [InlineData("📱13800138000")]
    [InlineData("\ud83d")]
    [InlineData("1234567890123456")]
    [InlineData("+1234")]
    public void What_is_no_number_or_more_than_one_is_none(string? said) => Assert.Null(Phones.Of(said));

    [Fact]
    public void A_text_of_any_length_is_read_in_bounds()
    {
        Assert.Null(Phones.Of(new string('1', 300)));
        Assert.Null(Phones.Of(new string('转', 48)));
        Assert.Equal("13800138000", Phones.Of("13800138000".PadLeft(2 * Texts.PhoneLimit))!.Number);
        Assert.Null(Phones.Of("13800138000".PadLeft((2 * Texts.PhoneLimit) + 1)));
    }

    [Theory]
    [InlineData("138 0013 8000")]
    [InlineData("0632-555-0100 ext 123456")]
    [InlineData("010-6255-1234-801")]
    [InlineData("17012345678转1234")]
    [InlineData("5550100转8")]
    [InlineData("400-812-3456 转 5")]
    [InlineData("00852 9123 4567")]
    [InlineData("+1 650 253 0000 ext 5")]
    [InlineData("+999 123 456 789")]
    [InlineData("1380013800")]
    [InlineData("1380013800转12")]
    [InlineData("+86 (0632) 555-0000 1234")]
    [InlineData("96333")]
    public void The_one_form_is_read_as_itself_and_fits_where_numbers_are_kept(string said)
    {
        var phone = Phones.Of(said)!;
        Assert.Equal(phone, Phones.Of(phone.Number));
        Assert.InRange(phone.Number.Length, 1, Texts.PhoneLimit);
    }

    [Theory]
    [InlineData("110", false)]
    [InlineData("96333", false)]
    [InlineData("5550100", true)]
    [InlineData("4008123456", true)]
    public void A_service_number_of_a_few_digits_is_nobodys(string said, bool isSomebodys) => Assert.Equal(isSomebodys, Phones.OfPerson(said) is not null);

    [Theory]
    [InlineData("13800138000", "8000")]
    [InlineData("13800138000", "+86 138-0013-8000")]
    [InlineData("13800138000", "008613800138000")]
    [InlineData("13800138000", "０１３ ８０００")]
    [InlineData("0632-5550100", "5550100")]
    [InlineData("0632-5550100", "+86 632 555 0100")]
    [InlineData("0632-5550100-12", "0632-5550100")]
    [InlineData("0632-5550100-12", "0632-5550100转12")]
    [InlineData("5550100", "(0632) 5550100")]
    [InlineData("+85291234567", "00852 9123 4567")]
    [InlineData("+86 138-0013-8000", "138 0013 8000")] // as an earlier version stored it
    public void A_stored_number_is_found_by_any_spelling_of_it_or_of_its_end(string stored, string said) => Assert.True(Phones.EndsIn(stored, Phones.TailOf(said)!));

    [Theory]
    [InlineData("13800138000", "8001")]
    [InlineData("0632-5550100-12", "5550101")]
    [InlineData("0632-5550100", "0632-5550100转12")]
    [InlineData("5550100", "13855550100")]
    public void Another_number_is_not_found(string stored, string said) => Assert.False(Phones.EndsIn(stored, Phones.TailOf(said)!));

    [Theory]
    [InlineData("W261122-00042")]
    [InlineData("Gate 7")]
    [InlineData("")]
    public void Words_are_the_end_of_no_number(string said) => Assert.True(Phones.TailOf(said) is null or "");
}
