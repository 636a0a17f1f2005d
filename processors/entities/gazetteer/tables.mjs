// Tables by hand for make_names.mjs: what wires write and no registry's list says. Facts of common knowledge.

// Names of countries that wires use and ISO 3166 does not; the first is the canonical one.
export const COUNTRY_ALIASES = {
  US: ["United States", "United States of America", "America"], GB: ["Britain", "Great Britain", "United Kingdom"],
  RU: ["Russia", "Russian Federation"], IR: ["Iran"], SY: ["Syria"], KR: ["South Korea"], KP: ["North Korea"],
  VN: ["Vietnam"], TZ: ["Tanzania"], LA: ["Laos"], CZ: ["Czech Republic", "Czechia"], CI: ["Ivory Coast", "Cote d'Ivoire"],
  MM: ["Myanmar", "Burma"], TR: ["Turkey", "Türkiye"], SZ: ["Eswatini", "Swaziland"], GM: ["Gambia", "The Gambia"],
  CD: ["Democratic Republic of the Congo", "Democratic Republic of Congo", "DR Congo", "Congo-Kinshasa"],
  CG: ["Congo", "Republic of the Congo", "Congo-Brazzaville"], MK: ["North Macedonia", "Macedonia"],
  VA: ["Vatican", "Vatican City", "Holy See"], PS: ["Palestine", "Palestinian territories"], FM: ["Micronesia"],
  BN: ["Brunei"], CV: ["Cape Verde", "Cabo Verde"], TL: ["East Timor", "Timor-Leste"], BO: ["Bolivia"], VE: ["Venezuela"],
  MD: ["Moldova"], TW: ["Taiwan"], NL: ["Netherlands", "The Netherlands", "Holland"], BS: ["Bahamas", "The Bahamas"],
  BA: ["Bosnia and Herzegovina", "Bosnia", "Bosnia-Herzegovina"], TT: ["Trinidad and Tobago"], MO: ["Macau", "Macao"],
  AE: ["United Arab Emirates", "Emirates"], SA: ["Saudi Arabia"], HK: ["Hong Kong"], FK: ["Falkland Islands", "Falklands"],
  VG: ["British Virgin Islands"], VI: ["U.S. Virgin Islands"], KN: ["St. Kitts and Nevis"], LC: ["St. Lucia"],
  VC: ["St. Vincent and the Grenadines"], ST: ["Sao Tome and Principe"], RE: ["Reunion"], CW: ["Curacao"],
};
// Only in exactly this spelling.
export const COUNTRY_EXACT = { US: ["U.S.", "US", "USA", "U.S.A."], GB: ["U.K.", "UK"], AE: ["UAE", "U.A.E."],
  CD: ["DRC", "D.R.C."], KP: ["DPRK"], PS: [] };

// Demonyms: evidence of a country, and the way to it. Code: names.
export const DEMONYMS = `AF Afghan Afghans|AL Albanian Albanians|DZ Algerian Algerians|AO Angolan Angolans|AR Argentine Argentines Argentinian
AM Armenian Armenians|AU Australian Australians Aussie|AT Austrian Austrians|AZ Azerbaijani Azerbaijanis Azeri|BS Bahamian|BH Bahraini Bahrainis
BD Bangladeshi Bangladeshis|BB Barbadian|BY Belarusian Belarusians|BE Belgian Belgians|BZ Belizean|BJ Beninese|BT Bhutanese|BO Bolivian Bolivians
BA Bosnian Bosnians|BW Batswana|BR Brazilian Brazilians|BG Bulgarian Bulgarians|BF Burkinabe|BI Burundian Burundians|MM Burmese|KH Cambodian Cambodians
CM Cameroonian Cameroonians|CA Canadian Canadians|TD Chadian Chadians|CL Chilean Chileans|CN Chinese|CO Colombian Colombians|CD Congolese
CR Costa-Rican|HR Croatian Croatians Croat Croats|CU Cuban Cubans|CY Cypriot Cypriots|CZ Czech Czechs|DK Danish Dane Danes|DJ Djiboutian
DO Dominican Dominicans|NL Dutch Dutchman|EC Ecuadorian Ecuadorean|EG Egyptian Egyptians|SV Salvadoran Salvadorans|ER Eritrean Eritreans
EE Estonian Estonians|ET Ethiopian Ethiopians|FJ Fijian Fijians|FI Finnish Finn Finns|FR French Frenchman Frenchwoman|GA Gabonese|GM Gambian Gambians
GE Georgian Georgians|DE German Germans|GH Ghanaian Ghanaians|GR Greek Greeks|GT Guatemalan Guatemalans|GN Guinean Guineans|GY Guyanese
HT Haitian Haitians|HN Honduran Hondurans|HU Hungarian Hungarians|IS Icelandic Icelander|IN Indian Indians|ID Indonesian Indonesians|IR Iranian Iranians
IQ Iraqi Iraqis|IE Irish Irishman|IL Israeli Israelis|IT Italian Italians|CI Ivorian Ivorians|JM Jamaican Jamaicans|JP Japanese|JO Jordanian Jordanians
KZ Kazakh Kazakhs|KE Kenyan Kenyans|KW Kuwaiti Kuwaitis|KG Kyrgyz|LA Laotian|LV Latvian Latvians|LB Lebanese|LS Basotho|LR Liberian Liberians
LY Libyan Libyans|LT Lithuanian Lithuanians|LU Luxembourgish|MK Macedonian Macedonians|MG Malagasy|MW Malawian Malawians|MY Malaysian Malaysians
MV Maldivian|ML Malian Malians|MT Maltese|MR Mauritanian|MU Mauritian|MX Mexican Mexicans|MD Moldovan Moldovans|MC Monegasque|MN Mongolian Mongolians
ME Montenegrin|MA Moroccan Moroccans|MZ Mozambican Mozambicans|NA Namibian Namibians|NP Nepalese Nepali|NZ New-Zealander New-Zealanders|NI Nicaraguan Nicaraguans
NE Nigerien|NG Nigerian Nigerians|KP North-Korean North-Koreans|NO Norwegian Norwegians|OM Omani Omanis|PK Pakistani Pakistanis|PS Palestinian Palestinians
PA Panamanian Panamanians|PG Papuan|PY Paraguayan Paraguayans|PE Peruvian Peruvians|PH Filipino Filipinos Philippine|PL Polish Pole Poles|PT Portuguese
QA Qatari Qataris|RO Romanian Romanians|RU Russian Russians|RW Rwandan Rwandans|SA Saudi Saudis|SN Senegalese|RS Serbian Serbians Serb Serbs|SL Sierra-Leonean
SG Singaporean Singaporeans|SK Slovak Slovaks|SI Slovenian Slovene|SO Somali Somalis|ZA South-African South-Africans|KR South-Korean South-Koreans
SS South-Sudanese|ES Spanish Spaniard Spaniards|LK Sri-Lankan Sri-Lankans|SD Sudanese|SR Surinamese|SE Swedish Swede Swedes|CH Swiss|SY Syrian Syrians
TW Taiwanese|TJ Tajik Tajiks|TZ Tanzanian Tanzanians|TH Thai Thais|TL Timorese|TG Togolese|TN Tunisian Tunisians|TR Turkish Turk Turks|TM Turkmen
UG Ugandan Ugandans|UA Ukrainian Ukrainians|AE Emirati Emiratis|GB British Briton Britons|US American Americans|UY Uruguayan Uruguayans|UZ Uzbek Uzbeks
VE Venezuelan Venezuelans|VN Vietnamese|YE Yemeni Yemenis|ZM Zambian Zambians|ZW Zimbabwean Zimbabweans`;

// Cities by GeoNames' own name and country, and what English copy calls them besides.
export const CITY_ALIASES = `UA Kyiv=Kiev|UA Kharkiv=Kharkov|UA Odesa=Odessa|UA Lviv=Lvov|UA Dnipro=Dnipropetrovsk|IN Mumbai=Bombay|IN Kolkata=Calcutta
IN Chennai=Madras|IN Bengaluru=Bangalore|IN Varanasi=Benares|IN Gurugram=Gurgaon|MM Yangon=Rangoon|MM Nay Pyi Taw=Naypyidaw=Naypyitaw|CN Beijing=Peking
CN Guangzhou=Canton|VN Ho Chi Minh City=Saigon|US Washington, D.C.=Washington=Washington D.C.=Washington DC=D.C.|US New York City=New York=NYC
US St. Louis=Saint Louis|RU Saint Petersburg=St. Petersburg=St Petersburg=Leningrad|DE Frankfurt am Main=Frankfurt|DE Köln=Cologne|DE Nürnberg=Nuremberg
DE München=Munich|DE Hannover=Hanover|DE Braunschweig=Brunswick|CH Genève=Geneva|CH Luzern=Lucerne|CH Bern=Berne|IT Milano=Milan|IT Torino=Turin|IT Napoli=Naples
IT Roma=Rome|IT Firenze=Florence|IT Venezia=Venice|IT Genova=Genoa|IT Padova=Padua|ES Sevilla=Seville|ES Zaragoza=Saragossa|ES Donostia / San Sebastián=San Sebastian
ES A Coruña=La Coruña|SE Göteborg=Gothenburg|BE Antwerpen=Antwerp|BE Gent=Ghent|BE Brugge=Bruges|BE Leuven=Louvain|BE Liège=Liege|BE Brussels=Bruxelles=Brussel
PT Lisbon=Lisboa|DK Copenhagen=København|AT Vienna=Wien|PL Warsaw=Warszawa|PL Kraków=Cracow|PL Gdańsk=Danzig|CZ Prague=Praha|RO Bucharest=București|GR Thessaloníki=Salonika
RS Belgrade=Beograd|TR İzmir=Smyrna|SY Aleppo=Halab|SY Ḩamāh=Hama|SY Ḩimş=Homs|IQ Al Mawşil al Jadīdah=|IQ Mosul=Al Mawsil|IQ Basrah=Basra|IQ Al Fallūjah=Fallujah|IQ Ar Ramādī=Ramadi
IQ Kirkuk=Karkuk|IQ Erbil=Irbil=Arbil|IQ Najaf=An Najaf|IQ Karbala=Kerbala|IQ Tikrīt=Tikrit|IQ Sāmarrā’=Samarra|IQ Ba‘qūbah=Baquba=Baqouba|YE Sanaa=Sana'a=San'a
SA Mecca=Makkah|SA Medina=Madinah|SA Jeddah=Jiddah|PS Gaza=Gaza City|IL Tel Aviv=Tel Aviv-Yafo|IL Beersheba=Be'er Sheva|EG Cairo=Al Qahirah|EG Alexandria=Al Iskandariyah
KZ Astana=Nur-Sultan|KZ Almaty=Alma-Ata|GE Tbilisi=Tiflis|AZ Baku=Baki|PH Quezon City=|ZA Gqeberha=Port Elizabeth|CI Yamoussoukro=|CD Kinshasa=Leopoldville
LY Tripoli=Tarabulus|LY Benghazi=Bengasi|SO Mogadishu=Muqdisho|ET Addis Ababa=Addis Abeba|BR São Paulo=|BR Brasília=|AF Kandahar=Qandahar|AF Herāt=Herat|AF Mazār-e Sharīf=Mazar-i-Sharif
PK Rawalpindi=Pindi|KP Pyongyang=P'yongyang|KR Incheon=Inchon|KR Busan=Pusan|KR Daegu=Taegu|KR Gwangju=Kwangju|TW Kaohsiung=Gaoxiong|KE Nairobi=|LB Beirut=Beyrouth|LB Tyre=Sour|LB Sidon=Saida`;

// Bodies and firms that wires name, by their article's title in the English Wikipedia: type, title, other names; "?" before a
// name: it counts only in a story that has a full one; "+" before the type: also without a statistical model.
export const BODIES = `O European Union=EU=E.U.|O United Nations=UN=U.N.|O NATO=North Atlantic Treaty Organization=North Atlantic Treaty Organisation
O International Monetary Fund=IMF|O World Bank|O World Health Organization=World Health Organisation=WHO|O World Trade Organization=World Trade Organisation=WTO
O OPEC=Organization of the Petroleum Exporting Countries=Organisation of the Petroleum Exporting Countries|O European Central Bank=ECB|O Federal Reserve=U.S. Federal Reserve=Federal Reserve System=Federal Reserve Board=?Fed
O Bank of England=BoE|O Bank of Japan=BOJ|O People's Bank of China=PBOC|O Reserve Bank of India=RBI|O Federal Bureau of Investigation=FBI=F.B.I.
O Central Intelligence Agency=CIA=C.I.A.|O NASA=National Aeronautics and Space Administration|O UNICEF|O UNESCO|O UNHCR=U.N. High Commissioner for Refugees|O International Atomic Energy Agency=IAEA
O OECD=Organization for Economic Cooperation and Development=Organisation for Economic Co-operation and Development|O ASEAN=Association of Southeast Asian Nations
O African Union=AU|O Arab League|O International Criminal Court=ICC|O International Court of Justice=ICJ|O European Commission|O European Parliament|O European Court of Human Rights
O International Olympic Committee=IOC|O FIFA|O UEFA|O Red Cross=International Red Cross|O International Committee of the Red Cross=ICRC|O Amnesty International|O Human Rights Watch|O Greenpeace
O Hamas|O Hezbollah=Hizbollah=Hizbullah|O Taliban|O Al-Qaeda=al-Qaida=al Qaeda=al-Qa'ida|O Boko Haram|O Al-Shabaab (militant group)=al-Shabab=al-Shabaab|O Islamic State=ISIS=ISIL
O Reuters|O Associated Press=AP|O Agence France-Presse=AFP|O BBC|O CNN|O Al Jazeera=al-Jazeera|O Voice of America=VOA|O The New York Times=New York Times|O The Washington Post=Washington Post
O The Wall Street Journal=Wall Street Journal|O The Guardian|O Financial Times|O Bloomberg News|O Xinhua News Agency=Xinhua|O TASS=Itar-Tass=ITAR-TASS|O Kyodo News=Kyodo|O Yonhap News Agency=Yonhap
O United States Department of Defense=Pentagon=Defense Department|O United States Department of State=State Department|O United States Department of Justice=Justice Department|O United States Department of the Treasury=Treasury Department
O United States Congress=U.S. Congress=US Congress|O United States Senate=U.S. Senate=US Senate|O United States House of Representatives=U.S. House of Representatives|O Supreme Court of the United States=U.S. Supreme Court=US Supreme Court
O U.S. Securities and Exchange Commission=Securities and Exchange Commission=SEC|O Food and Drug Administration=FDA|O Environmental Protection Agency=EPA|O Centers for Disease Control and Prevention=CDC
O National Security Agency=NSA|O Federal Aviation Administration=FAA|O National Transportation Safety Board=NTSB|O Democratic Party (United States)=?Democratic Party|O Republican Party (United States)=GOP
O New York Stock Exchange=NYSE|O Nasdaq=NASDAQ|O London Stock Exchange|O Tokyo Stock Exchange|O National Football League=NFL|O National Basketball Association=NBA|O National Hockey League=NHL|O Major League Baseball=MLB
O Apple Inc.=?Apple|O Microsoft=Microsoft Corp.=Microsoft Corporation|O Google=Google Inc.=Google LLC|O Alphabet Inc.|O Amazon (company)=Amazon.com=Amazon.com Inc.|O Meta Platforms|O Facebook=Facebook Inc.|O IBM=International Business Machines=International Business Machines Corp.
O Intel=Intel Corp.|O Nvidia|O Oracle Corporation=Oracle Corp.|O Cisco=Cisco Systems|O Hewlett-Packard=Hewlett Packard|O Dell|O Tesla, Inc.=Tesla Inc.=Tesla Motors|O General Motors=General Motors Co.=General Motors Corp.=GM|O Ford Motor Company=Ford Motor Co.=Ford Motor
O Toyota=Toyota Motor=Toyota Motor Corp.|O Honda=Honda Motor=Honda Motor Co.|O Nissan=Nissan Motor=Nissan Motor Co.|O Volkswagen|O BMW|O Volvo|O Boeing=Boeing Co.|O Airbus|O Lockheed Martin|O General Electric=General Electric Co.=GE
O Siemens|O Samsung Electronics|O Samsung|O Sony=Sony Corp.|O Panasonic|O Toshiba|O Hitachi|O Huawei|O Alibaba Group|O Tencent|O Baidu|O ExxonMobil=Exxon Mobil=Exxon Mobil Corp.|O Chevron Corporation=Chevron Corp.|O BP|O Shell plc=Royal Dutch Shell
O TotalEnergies|O Gazprom|O Rosneft|O Petrobras|O Saudi Aramco|O JPMorgan Chase=JPMorgan Chase & Co.=JPMorgan|O Goldman Sachs=Goldman Sachs Group|O Morgan Stanley|O Bank of America=Bank of America Corp.|O Citigroup|O Wells Fargo
O HSBC|O Barclays|O Deutsche Bank|O UBS|O Credit Suisse|O BNP Paribas|O Walmart=Wal-Mart=Wal-Mart Stores|O McDonald's|O Starbucks|O The Coca-Cola Company=Coca-Cola Co.|O PepsiCo|O Nestlé|O Unilever|O Procter & Gamble|O Pfizer
O Novartis|O AstraZeneca|O GlaxoSmithKline|O Johnson & Johnson|O Merck & Co.|O Roche|O Bayer|O The Walt Disney Company=Walt Disney Co.=Walt Disney Company|O Netflix|O Twitter|O Uber|O Nokia|O Ericsson|O Vodafone|O AT&T|O Verizon=Verizon Communications
O Tata Motors|O Infosys|O Reliance Industries|O Rio Tinto (corporation)=Rio Tinto|O BHP=BHP Billiton|O Glencore|O Lehman Brothers|O AIG=American International Group|O Berkshire Hathaway|O Harvard University|O Stanford University|O Yale University
O University of Oxford=Oxford University|O University of Cambridge=Cambridge University|O Massachusetts Institute of Technology=MIT
L Middle East=Mideast|L Gaza Strip|L West Bank|L Africa|L Europe|L Asia|L North America|L South America|L Latin America|L Antarctica|L Balkans|L Caucasus|L Kashmir|L Crimea|L Kurdistan|L Chechnya|L Darfur|L Tibet|L Sahel|L Persian Gulf|L South China Sea
L Mediterranean Sea=Mediterranean|L Black Sea|L Red Sea|L Caspian Sea|L Baltic Sea|L Gulf of Mexico|L Atlantic Ocean=Atlantic|L Pacific Ocean=Pacific|L Indian Ocean|L Suez Canal|L Panama Canal|L Strait of Hormuz|L Wall Street|L Silicon Valley|L Guantanamo Bay|L Caribbean
M World War I=First World War|M World War II=Second World War|M Cold War|M Vietnam War|M Korean War|M FIFA World Cup=?World Cup|M UEFA Champions League=?Champions League|M Kyoto Protocol|M Geneva Conventions|M Nobel Peace Prize|M Hurricane Katrina|M Islam|M Christianity|M Judaism|M Buddhism|M Hinduism
M Boeing 737|M Boeing 747|M Airbus A380|M Airbus A320|M The Championships, Wimbledon=Wimbledon|M Super Bowl|M Tour de France|M Olympic Games=Olympics`;

// GeoNames' and ISO's names of first-level subdivisions that differ, and what English copy says: ISO code=GeoNames admin code=names.
export const SUBDIVISIONS = `DE-BY=02=Bavaria|DE-SN=13=Saxony|DE-NI=06=Lower Saxony|DE-NW=07=North Rhine-Westphalia|DE-HE=05=Hesse|DE-TH=15=Thuringia|DE-RP=08=Rhineland-Palatinate|DE-ST=14=Saxony-Anhalt
IT-25=09=Lombardy|IT-88=14=Sardinia|IT-82=15=Sicily|IT-52=16=Tuscany|IT-21=12=Piedmont|IT-75=13=Apulia|ES-CT=56=Catalonia|ES-AN=51=Andalusia|ES-PV=59=Basque Country|ES-IB=07=Balearic Islands|ES-CN=53=Canary Islands
FR-BRE=53=Brittany|FR-NOR=28=Normandy|FR-COR=94=Corsica|RU-CE=12=Chechnya|RU-DA=17=Dagestan|RU-IN=19=Ingushetia|RU-TA=73=Tatarstan|RU-SE=68=North Ossetia|UA-43=11=Crimea|CN-XJ=13=Xinjiang|CN-XZ=14=Tibet|CN-NM=20=Inner Mongolia|CN-GX=16=Guangxi|CN-NX=21=Ningxia
JP-13=40=Tokyo|JP-27=32=Osaka|JP-47=47=Okinawa|BR-SP=27=|BR-RJ=21=|MX-CMX=09=|GB-ENG=ENG=England|GB-SCT=SCT=Scotland|GB-WLS=WLS=Wales|GB-NIR=NIR=Northern Ireland`;

// What American and Canadian copy puts behind a city's name (GeoNames' code=abbreviations), without the last dot.
export const STATE_ABBREVIATIONS = `US.AL=Ala|US.AZ=Ariz|US.AR=Ark|US.CA=Calif|US.CO=Colo|US.CT=Conn|US.DE=Del|US.FL=Fla|US.GA=Ga|US.IL=Ill|US.IN=Ind|US.KS=Kan|US.KY=Ky|US.LA=La
US.MD=Md|US.MA=Mass|US.MI=Mich|US.MN=Minn|US.MS=Miss|US.MO=Mo|US.MT=Mont|US.NE=Neb|US.NV=Nev|US.NH=N.H.|US.NJ=N.J.|US.NM=N.M.|US.NY=N.Y.|US.NC=N.C.|US.ND=N.D.
US.OK=Okla|US.OR=Ore|US.PA=Pa,Penn|US.RI=R.I.|US.SC=S.C.|US.SD=S.D.|US.TN=Tenn|US.TX=Tex|US.VT=Vt|US.VA=Va|US.WA=Wash|US.WV=W.Va.|US.WI=Wis|US.WY=Wyo|US.DC=D.C.
CA.08=Ont|CA.10=Que|CA.02=B.C.|CA.01=Alta|CA.11=Sask|CA.03=Man|CA.07=N.S.|CA.04=N.B.`;

// Cities whose article in the English Wikipedia has their bare name as its title.
export const PLAIN_TITLES = new Set(`Paris|Berlin|Rome|Madrid|Vienna|Moscow|Beijing|Shanghai|Tokyo|Osaka|Mumbai|Delhi|New Delhi|Karachi|Lahore|Islamabad|Dhaka|Bangkok|Jakarta|Manila|Hanoi
Seoul|Busan|Taipei|Kyiv|Warsaw|Prague|Budapest|Bucharest|Sofia|Belgrade|Athens|Istanbul|Ankara|Tehran|Baghdad|Damascus|Aleppo|Beirut|Amman|Jerusalem|Tel Aviv|Riyadh|Jeddah|Mecca|Doha|Dubai|Abu Dhabi
Muscat|Sanaa|Kabul|Kandahar|Tashkent|Almaty|Baku|Yerevan|Tbilisi|Minsk|Vilnius|Riga|Tallinn|Helsinki|Stockholm|Oslo|Copenhagen|Amsterdam|Rotterdam|Brussels|Antwerp|Geneva|Lisbon|Porto|Barcelona|Milan|Naples|Turin
Munich|Hamburg|Frankfurt|Lyon|Marseille|Glasgow|Edinburgh|Dublin|Belfast|Cairo|Khartoum|Tunis|Algiers|Casablanca|Rabat|Dakar|Accra|Lagos|Abuja|Nairobi|Kampala|Kigali|Addis Ababa|Mogadishu|Kinshasa|Luanda|Harare|Lusaka|Maputo
Johannesburg|Cape Town|Pretoria|Durban|Antananarivo|Bamako|Abidjan|Monrovia|Freetown|Conakry|Ouagadougou|Niamey|Sydney|Melbourne|Brisbane|Canberra|Auckland|Wellington|Toronto|Montreal|Vancouver|Ottawa|Calgary|Havana|Caracas|Lima|Quito
Bogotá|Buenos Aires|Montevideo|São Paulo|Rio de Janeiro|Brasília|La Paz|Mexico City|Guatemala City|Port-au-Prince|Santo Domingo|Los Angeles|Chicago|Houston|Philadelphia|San Francisco|Boston|Seattle|Dallas|Miami|Atlanta|Detroit|Denver
Las Vegas|Baltimore|New Orleans|Pittsburgh|Cleveland|Minneapolis|Phnom Penh|Yangon|Colombo|Kathmandu|Kuala Lumpur|Ulaanbaatar|Pyongyang|Wuhan|Guangzhou|Shenzhen|Chengdu|Chongqing|Tianjin|Kyoto|Hiroshima|Nagasaki|Mosul|Basra|Fallujah|Kirkuk
Aachen|Aldershot|Augsburg|Avignon|Baguio|Basel|Bern|Blackpool|Bolzano|Bordeaux|Bournemouth|Braunschweig|Burnley|Burton upon Trent|Cabo San Lucas|Calais|Canary Wharf|Cannes|Canterbury|Ceuta
Chiang Mai|City of Westminster|Delft|Doncaster|Edirne|Enschede|Funchal|Getafe|Gosport|Graz|Grenoble|Guildford|Haifa|Hurghada|Innsbruck|Ipswich|Jayapura|Karlsruhe|Lausanne|Lhasa|Limassol|Liège
Ljubljana|Lübeck|Maastricht|Mainz|Marbella|Matera|Melilla|Middlesbrough|Milton Keynes|Montpellier|Nantes|Newcastle upon Tyne|Noida|Norilsk|Novi Sad|Pattaya|Petropavlovsk-Kamchatsky|Pisa
Port Moresby|Puerto Vallarta|Punta Arenas|Punta Cana|Regensburg|Reims|Reykjavík|Rostock|Rouen|Salzburg|San Miguel de Allende|Santa Cruz de Tenerife|Santiago de Compostela|Shimla|Slough
Strasbourg|Swindon|Tampere|Trabzon|Trier|Trieste|Tromsø|Trondheim|Turku|Ulm|Uppsala|Ushuaia|Utrecht|Vyborg|Watford|Windhoek|Wolverhampton|Yakutsk|Zürich|Lviv|Kharkiv|Odesa|Donetsk|Luhansk
Mariupol|Kherson|Zaporizhzhia|Dnipro|Chernihiv|Bakhmut|Livorno|Herat|Ziguinchor|Tiberias|Gothenburg|Malmö|Bergen|Kraków|Gdańsk|Wrocław|Poznań|Brno|Bratislava|Zagreb|Sarajevo|Skopje|Tirana
Pristina|Podgorica|Chișinău|Plovdiv|Varna|Thessaloniki|Izmir|Gaziantep|Diyarbakır|Nablus|Ramallah|Rafah|Jenin|Homs|Raqqa|Idlib|Erbil|Sulaymaniyah|Isfahan|Mashhad|Shiraz|Peshawar|Quetta
Rawalpindi|Jalalabad|Bishkek|Dushanbe|Ashgabat|Astana|Srinagar|Lucknow|Kochi|Surabaya|Cebu City|Davao City|Vientiane|Mandalay|Naypyidaw|Benghazi|Misrata|Port Sudan|Juba|Goma|Lubumbashi
Bujumbura|Mombasa|Kano|Maiduguri|Kumasi|Lomé|Cotonou|Nouakchott|Yaoundé|Douala|Libreville|N'Djamena|Djibouti|Gaborone|Maseru|Bulawayo|Bloemfontein|Tijuana|Ciudad Juárez|Acapulco|Guadalajara
Monterrey|Tegucigalpa|San Salvador|Medellín|Cali|Maracaibo|Guayaquil|Cusco|Arequipa|Asunción|Recife|Porto Alegre|Curitiba|Fortaleza|Manaus|Belo Horizonte`.split(/\||\n/));

// Subdivisions whose article is not called by their bare name; none: no article of their own.
export const SUBDIVISION_TITLES = `US-GA=Georgia (U.S. state)|US-NY=New York (state)|US-WA=Washington (state)|US-DC=|AU-VIC=Victoria (state)
ES-PV=Basque Country (autonomous community)|JP-13=|JP-27=Osaka Prefecture|JP-47=Okinawa Prefecture|FR-NOR=Normandy (administrative region)`;

// Wikipedia calls places in the United States "City, State" but for those that the AP names without a state, less Phoenix.
export const AP_CITIES = new Set(`Atlanta|Baltimore|Boston|Chicago|Cincinnati|Cleveland|Dallas|Denver|Detroit|Honolulu|Houston|Indianapolis|Las Vegas|Los Angeles|Miami|Milwaukee|Minneapolis
New Orleans|New York City|Oklahoma City|Philadelphia|Pittsburgh|St. Louis|Salt Lake City|San Antonio|San Diego|San Francisco|Seattle`.split(/\||\n/));
